/// In which order the children of a directory come.
package enum ChildOrder: Sendable, Equatable {
    case ascending
    case any
}
