import Formats

/// Lists that have an end: so many items and bytes, then how many more there are.
enum HTMLList {
    /// The items as markup, as far as they fit, and how many are left out.
    static func fitting<Item>(
        _ items: [Item], max: Int, bytes: Int, _ markup: (Item) -> Markup
    ) -> (shown: Markup, left: Int) {
        var shown: Markup = ""
        for (index, item) in items.enumerated() {
            let next = markup(item)
            guard index < max, shown.count + next.count <= bytes else { return (shown, items.count - index) }
            shown += next
        }
        return (shown, 0)
    }

    /// Says that some are left out; nothing when none is.
    static func more(_ left: Int) -> Markup {
        left == 0
            ? ""
            : "<p class=\"more\">and \(Quantity.count(left)) more; the report as JSON has all of them</p>\n"
    }

    /// A plain list.
    static func list<Item>(_ items: [Item], max: Int, bytes: Int, _ markup: (Item) -> Markup) -> Markup {
        let (shown, left) = fitting(items, max: max, bytes: bytes) { "<li>\(markup($0))</li>\n" }
        return "<ul>\n\(shown)</ul>\n\(more(left))"
    }

    /// A table whose first cell of each row is its heading, made by `row`.
    static func table<Item>(
        _ caption: String, _ headings: [HTMLHeading], _ items: [Item], max: Int, bytes: Int, foot: Markup = "",
        style: Markup = "", row: (Item) -> Markup
    ) -> Markup {
        let (shown, left) = fitting(items, max: max, bytes: bytes, row)
        return """
            <table class="\(style)"><caption>\(caption)</caption>
            <thead><tr>\(headings.map(\.markup))</tr></thead>
            <tbody>
            \(shown)</tbody>\(foot)</table>
            \(more(left))
            """
    }

    /// Names and what they are.
    static func facts(_ facts: [(label: String, value: Markup)], max: Int, bytes: Int) -> Markup {
        let (shown, left) = fitting(facts, max: max, bytes: bytes) {
            "<div><dt>\($0.label)</dt><dd>\($0.value)</dd></div>\n"
        }
        return "<dl class=\"facts\">\n\(shown)</dl>\n\(more(left))"
    }
}
