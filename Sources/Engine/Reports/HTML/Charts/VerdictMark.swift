/// A verdict as a shape, so that it can be told without colours.
enum VerdictMark {
    /// The class that gives a verdict its colour.
    static func style(_ verdict: String) -> Markup {
        switch verdict {
        case "recovered": "good"
        case "degraded", "unrecoverable": "bad"
        case "stale": "warn"
        default: "off"
        }
    }

    /// A shape of about 14 units around the origin: circle, triangle, square, hourglass, diamond.
    static func shape(_ verdict: String) -> Markup {
        switch verdict {
        case "recovered": "<circle r=\"6\"/>"
        case "degraded": "<path d=\"M0-7 7 6H-7Z\"/>"
        case "unrecoverable": "<path d=\"M-6-6H6V6H-6Z\"/>"
        case "stale": "<path d=\"M-6-7H6L-6 7H6Z\"/>"
        default: "<path d=\"M0-8 7 0 0 8-7 0Z\"/>"
        }
    }

    /// The sign inside a large shape: a tick, a cross, a question mark.
    private static func sign(_ verdict: String) -> Markup {
        switch verdict {
        case "recovered": "<path class=\"sign\" d=\"M-2.8.2-.9 2.2 3-2.2\"/>"
        case "degraded": "<path class=\"sign\" d=\"M0-2.6V1.4M0 3.6V3.7\"/>"
        case "unrecoverable": "<path class=\"sign\" d=\"M-2.5-2.5 2.5 2.5M2.5-2.5-2.5 2.5\"/>"
        case "stale": ""
        default: "<path class=\"sign\" d=\"M-1.7-1.7A1.7 1.7 0 1 1 0 .4V1.2M0 3.2V3.3\"/>"
        }
    }

    /// The mark as a picture that stands in a text, which names the verdict itself.
    static func picture(_ verdict: String, size: Int) -> Markup {
        """
        <svg class="mark \(style(verdict))" width="\(size)" height="\(size)" viewBox="-9 -9 18 18" \
        aria-hidden="true" focusable="false">\(shape(verdict))\(sign(verdict))</svg>
        """
    }
}
