/// How the bytes of an entry are cut into chunks: the adapter's choice, since it knows what they are.
package enum CutProfile: Sendable, Equatable {
    /// Files: cut by content, 256 KiB / 1 MiB / 4 MiB.
    case file
    /// A stream of lines that must stay whole, such as COPY text: cut by content near `averageBytes`, each cut moved to
    /// the end of its line. A line longer than the largest chunk is cut hard.
    case lines(averageBytes: Int)
}
