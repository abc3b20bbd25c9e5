import Platform
import Storage

/// What readers of a repository found damaged and could do without, since the same bytes were to be had elsewhere. Each
/// object is told once. Any thread may call.
///
/// Who restores gets the right bytes then, and no failure; but must learn that the repository needs a check.
package final class DamageNotices: @unchecked Sendable {
    /// One damaged object.
    package struct Notice: Sendable, Equatable {
        /// Its name, or `index` for one that is not there any more.
        package var object: String
        package var sentence: String
    }

    private let lock = Lock()
    private var noted: [Notice] = []
    private var listener: (@Sendable (Notice) -> Void)?

    /// Objects that are remembered; a wreck could have any number.
    private static let notedAtMost = 1000

    /// Makes an empty list.
    package init() {}

    /// Everything that was told so far.
    package var all: [Notice] { lock.locked { noted } }

    /// Tells `listener` each object from now on, on the thread that found it.
    package func listen(_ listener: @escaping @Sendable (Notice) -> Void) { lock.locked { self.listener = listener } }

    /// Notes an object, unless it was told before.
    func note(_ object: String, _ sentence: String) {
        let notice = Notice(object: object, sentence: sentence)
        let tell: (@Sendable (Notice) -> Void)? = lock.locked {
            guard noted.count < Self.notedAtMost, !noted.contains(where: { $0.object == object }) else { return nil }
            noted.append(notice)
            return listener
        }
        tell?(notice)
    }
}
