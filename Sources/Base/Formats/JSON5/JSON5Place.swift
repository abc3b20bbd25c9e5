/// Where something stands in a text that a person wrote: line and column, both from 1.
///
/// A column is a Unicode scalar: a tab is one, a letter with a combining mark is two. Editors that count otherwise
/// agree for ASCII, and every scalar that an error may be about can be pointed at. A byte order mark in front has no
/// column.
package struct JSON5Place: Sendable, Hashable, Comparable {
    package var line: Int
    package var column: Int

    /// Makes a place.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: JSON5Place, right: JSON5Place) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
