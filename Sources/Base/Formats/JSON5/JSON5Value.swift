/// A JSON5 value with its place, its keys in the order in which they were given, those that come twice among them.
package struct JSON5Value: Sendable, Equatable {
    /// What it is.
    package enum Content: Sendable, Equatable {
        case null
        case bool(Bool)
        case number(JSON5Number)
        case string(String)
        case array([JSON5Value])
        case object([Member])
    }

    /// One key and its value.
    package struct Member: Sendable, Equatable {
        package var key: String
        /// Where the key begins.
        package var place: JSON5Place
        package var value: JSON5Value

        /// Makes a member.
        package init(_ key: String, at place: JSON5Place, _ value: JSON5Value) {
            self.key = key
            self.place = place
            self.value = value
        }
    }

    package var content: Content
    /// Where it begins.
    package var place: JSON5Place

    /// Makes a value.
    package init(_ content: Content, at place: JSON5Place) {
        self.content = content
        self.place = place
    }

    /// The members, nil when this is no object.
    package var members: [Member]? { if case .object(let members) = content { members } else { nil } }

    /// The members whose key an earlier member of the same object has, in the order of the text, at any depth; with
    /// each the earlier one. Keys are compared by their bytes.
    package var repeatedMembers: [(member: Member, first: Member)] {
        switch content {
        case .array(let elements): return elements.flatMap(\.repeatedMembers)
        case .object(let members):
            var seen: [[UInt8]: Member] = [:]
            return members.flatMap { member in
                let earlier = seen[Array(member.key.utf8)]
                if earlier == nil { seen[Array(member.key.utf8)] = member }
                return (earlier.map { [(member, $0)] } ?? []) + member.value.repeatedMembers
            }
        default: return []
        }
    }

    /// The same without places; numbers that 64 bits hold as whole ones.
    package var json: JSONValue {
        switch content {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .number(let number): number.whole.map { .integer($0) } ?? .number(number.value)
        case .string(let text): .string(text)
        case .array(let elements): .array(elements.map(\.json))
        case .object(let members): .object(members.map { .init($0.key, $0.value.json) })
        }
    }
}
