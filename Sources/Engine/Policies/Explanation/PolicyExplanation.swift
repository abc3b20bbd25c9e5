/// What a policy comes to, in sentences for somebody who knows the business and not the program.
package struct PolicyExplanation: Sendable, Equatable {
    /// Sentences about one thing.
    package struct Section: Sendable, Equatable {
        package var title: String
        package var sentences: [String]

        /// Makes a section.
        package init(_ title: String, _ sentences: [String]) {
            self.title = title
            self.sentences = sentences
        }
    }

    /// In the order in which they are read.
    package let sections: [Section]

    /// Explains a policy.
    package init(_ policy: Policy) {
        sections = [
            Section("What is saved", PolicyScope.saved(policy)),
            Section("Where it goes", PolicyScope.kept(policy)),
            Section("What was promised", PolicyPromises.sentences(policy.objectives)),
            Section("What a drill does", DrillStory.steps(policy)),
            Section("What a drill shows", CheckStory.sentences(policy)),
            Section("What is not covered", PolicyScope.uncovered(policy)),
        ]
    }

    /// `a`, `a and b`, `a, b and c`.
    static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
