/// How the page looks: light and dark, on a phone, on a desk and on A4. Contrasts are at least 4.5 to 1 for text.
enum HTMLStyle {
    static let sheet: Markup = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1b2026;--soft:#535d68;--line:#d3d9df;--panel:#f4f6f8;
        --good:#14673a;--bad:#a51d16;--warn:#855000;--off:#47525d;--on:#fff;--loss:#7f97b2;
        --p1:#34659b;--p2:#7a4f9a;--p3:#9a4468;--p4:#2c6f62;--p5:#8a5a10;--p6:#4d6a22;--p7:#5b5f8f;--p8:#5c6670}
        @media screen and (prefers-color-scheme:dark){:root{--bg:#13171c;--fg:#e7eaee;--soft:#a9b3bd;--line:#39424c;
        --panel:#1c2229;--good:#72d29a;--bad:#ff958b;--warn:#efb660;--off:#adb8c3;--on:#13171c;--loss:#58708d;
        --p1:#82b4ea;--p2:#c39be2;--p3:#e893b4;--p4:#70c3b2;--p5:#e0b061;--p6:#a3c76c;--p7:#aab0ea;--p8:#adb8c3}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0 auto;max-width:62rem;padding:1.5rem 1.25rem 3rem;background:var(--bg);color:var(--fg);
        font:16px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
        h1,h2,p,ul,dl,figure,table{margin:0}
        h2{font-size:1.2rem;line-height:1.3;margin:2.4rem 0 .6rem;padding-top:.9rem;border-top:1px solid var(--line)}
        h2+p{margin-bottom:.7rem}
        p+p{margin-top:.5rem}
        .kind{color:var(--soft);font-size:.875rem;margin-bottom:.75rem}
        .banner{display:flex;gap:1rem;padding:1.1rem 1.25rem;background:var(--panel);border-radius:.5rem;
        border-left:.4rem solid var(--tone)}
        .banner .mark{flex:none;margin-top:.1rem}
        .word{font-size:.875rem;font-weight:700;letter-spacing:.07em;text-transform:uppercase;color:var(--tone)}
        h1{font-size:1.4rem;line-height:1.3;font-weight:650;margin:.1rem 0 .5rem}
        .good{--tone:var(--good)}.bad{--tone:var(--bad)}.warn{--tone:var(--warn)}.off{--tone:var(--off)}
        .tone{color:var(--tone);font-weight:650}
        .soft,.more,caption,dt,.limits{color:var(--soft)}
        .limits{font-size:.9375rem}
        .alarm{margin-top:.8rem;padding:.7rem 1rem;border:2px solid var(--bad);border-radius:.4rem}
        .alarm strong{color:var(--bad)}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.75rem;margin:1rem 0 0}
        .figures>div{display:block;border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem}
        .figures dt{font-size:.875rem}
        .figures dd{margin:0;font-size:.875rem}
        .figures .number{display:block;font-size:1.2rem;line-height:1.35;font-weight:650}
        svg.chart{display:block;overflow:visible;font-size:12px;margin:.3rem 0 .5rem}
        .chart text{fill:var(--soft)}
        .chart .on{fill:var(--on);font-weight:700}
        .grid{stroke:var(--line)}
        .limit{stroke:var(--fg);stroke-width:2;stroke-dasharray:5 3}
        .chart .limit-text{fill:var(--fg);font-weight:650;paint-order:stroke;stroke:var(--bg);stroke-width:5px}
        .segment{stroke:var(--bg);stroke-width:1.5}
        .p1{--c:var(--p1)}.p2{--c:var(--p2)}.p3{--c:var(--p3)}.p4{--c:var(--p4)}
        .p5{--c:var(--p5)}.p6{--c:var(--p6)}.p7{--c:var(--p7)}.p8{--c:var(--p8)}
        .segment{fill:var(--c)}
        .key{display:inline-block;min-width:1.5em;padding:0 .3em;margin-right:.5em;border-radius:.2em;text-align:center;
        background:var(--c);color:var(--on);font-size:.8125rem;font-weight:700;-webkit-print-color-adjust:exact;
        print-color-adjust:exact}
        .mark,.dot{fill:var(--tone)}.mark{vertical-align:-.2em}
        .dot{stroke:var(--bg);stroke-width:1}
        .ring{fill:none;stroke:var(--fg);stroke-width:2}
        .sign{fill:none;stroke:var(--bg);stroke-width:1.7;stroke-linecap:round;stroke-linejoin:round}
        .joint{stroke:var(--soft);stroke-width:1.5}
        .loss{fill:var(--loss)}.over{fill:var(--bad)}
        .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.875rem;margin-bottom:.7rem}
        table{width:100%;border-collapse:collapse;font-size:.9375rem;margin-top:.5rem}
        caption{text-align:left;font-size:.875rem;padding-bottom:.2rem}
        th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--line);
        unicode-bidi:isolate;min-width:3.5em}
        th[scope=row]{min-width:9em}
        th:last-child,td:last-child{padding-right:0}
        thead th{font-size:.8125rem;color:var(--soft);font-weight:600}
        tbody th{font-weight:600}
        tfoot th,tfoot td{font-weight:650}
        .n{text-align:right;white-space:nowrap;overflow-wrap:normal;font-variant-numeric:tabular-nums}
        .w{white-space:nowrap;overflow-wrap:normal}
        small{font-size:.875rem;font-weight:400;color:var(--soft);display:block}
        code{font:.875em ui-monospace,"DejaVu Sans Mono",monospace}
        ul{padding-left:1.2rem}
        li{margin:.15rem 0}
        .differs td{border-bottom:1px solid var(--line);padding-top:0}
        .open td,.open th{border-bottom:0}
        .differs ul{columns:18rem;font-size:.875rem}.differs li{break-inside:avoid}
        dl>div{display:grid;grid-template-columns:13rem 1fr;gap:0 1rem;padding:.2rem 0;font-size:.9375rem}
        dl.figures>div{display:block}
        dd{margin:0}
        .more{font-size:.875rem;margin:.3rem 0 0}
        footer{margin-top:2.5rem;padding-top:.8rem;border-top:1px solid var(--line);font-size:.8125rem;
        color:var(--soft)}
        @media (max-width:40rem){body{padding:1rem .9rem 2rem}
        .banner{padding:.9rem;gap:.7rem}h1{font-size:1.2rem}
        .figures{grid-template-columns:1fr 1fr;gap:.5rem}.figures>div{padding:.55rem .7rem}
        .figures .number{font-size:1.1rem}
        dl>div{grid-template-columns:1fr;padding:.3rem 0}dt{font-size:.875rem}
        .stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .stack,.stack tbody,.stack tr,.stack td,.stack th[scope=row]{display:block;min-width:0}
        .stack tr{border-bottom:1px solid var(--line);padding:.5rem 0}
        .stack td,.stack th[scope=row]{border:0;padding:.1rem 0;text-align:left;white-space:normal}
        .stack td[data-label]::before,.line td[data-label]::before{
        content:attr(data-label) ": ";color:var(--soft);font-weight:400}
        .stack .open{border-bottom:0;padding-bottom:0}
        .stack caption,.line caption{display:block}
        .line thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .line,.line tbody{display:block}
        .line tr{display:flex;flex-wrap:wrap;gap:0 1rem;border-bottom:1px solid var(--line);padding:.4rem 0}
        .line th[scope=row],.line td{border:0;padding:.05rem 0;min-width:0;text-align:left}
        .line th[scope=row]{flex:1 0 100%}.line td.rest{flex:1 0 100%}.line td.bar{flex:1 0 6rem}
        .line td:empty{display:none}
        .phases th[scope=row]{flex:1 0 9rem}.phases td.n{text-align:right;min-width:4.5rem}
        .differs ul{columns:1}.differs td:empty{display:none}}
        @page{size:A4;margin:14mm}
        @media print{html{font-size:12px}body{max-width:none;padding:0;font-size:8.5pt;line-height:1.35}
        h1{font-size:13pt}h2{font-size:11pt;margin:1.1rem 0 .3rem;padding-top:.5rem;break-after:avoid}
        h2+p{break-after:avoid;margin-bottom:.3rem}small{display:inline}small::before{content:" · "}
        .facts{columns:2;column-gap:2rem}.figures{grid-template-columns:repeat(5,1fr)}
        dl:not(.figures)>div{grid-template-columns:9rem 1fr}
        .banner,.key{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        .banner,.figures>div,svg.chart,tr:not(.differs),li,dl>div,h2+p{break-inside:avoid}
        th,td{padding-top:.2rem;padding-bottom:.2rem}caption{break-after:avoid}
        .figures{gap:.4rem}.figures>div{padding:.4rem .6rem}.figures .number{font-size:12.5pt}}
        """
}
