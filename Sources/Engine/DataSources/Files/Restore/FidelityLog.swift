import Glibc
import Platform

/// What of a restore could not be applied and why: equal sentences are told together. Any thread may note.
final class FidelityLog: @unchecked Sendable {
    private struct Key: Hashable {
        var weight: Finding.Weight
        var sentence: String
    }

    /// The objects of one sentence: the first ones by name, all by number.
    private struct Group {
        var objects: [String]
        var count: Int
    }

    /// How many objects are named for one sentence.
    private static let namedObjects = 20

    private let lock = Lock()
    private var groups: [Key: Group] = [:]
    private var order: [Key] = []

    /// Notes one object. `object` is only asked for when it will be named.
    func note(_ weight: Finding.Weight, _ sentence: String, _ object: @autoclosure () -> String) {
        let key = Key(weight: weight, sentence: sentence)
        lock.locked {
            if groups[key] == nil { order.append(key) }
            var group = groups[key] ?? Group(objects: [], count: 0)
            group.count += 1
            if group.objects.count < Self.namedObjects { group.objects.append(object()) }
            groups[key] = group
        }
    }

    /// Notes that a property could not be set. That an ordinary user may not set it, which the kernel says by one of
    /// `refusals`, is only a notice.
    func note(
        _ property: String, _ failure: Failure, refusals: [Int32?] = [EPERM, EACCES],
        _ object: @autoclosure () -> String
    ) {
        let expected = Host.userID != 0 && refusals.contains(failure.systemError)
        let sentence = "\(property) cannot be set: \(failure.cause ?? failure.sentence)"
        note(expected ? .notice : .missing, sentence, object())
    }

    /// The findings so far. What is missing is named, at most twenty objects a sentence; a notice names its first.
    var findings: [Finding] {
        lock.locked {
            order.flatMap { key -> [Finding] in
                guard let group = groups[key] else { return [] }
                let named = key.weight == .missing ? group.objects : Array(group.objects.prefix(1))
                let rest = group.count - named.count
                return named.enumerated().map { index, object in
                    let more = index == named.count - 1 && rest > 0 ? "; the same for \(rest) more" : ""
                    return Finding(key.weight, object, key.sentence + more)
                }
            }
        }
    }
}
