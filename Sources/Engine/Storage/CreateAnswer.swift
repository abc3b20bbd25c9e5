/// How a creation ended.
package enum CreateAnswer: Sendable, Equatable {
    case created
    case exists
}
