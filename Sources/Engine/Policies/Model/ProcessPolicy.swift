/// A program that is started on what came back, and ended with all its children after the checks.
package struct ProcessPolicy: Sendable, Equatable {
    /// Its name: in reports, and in the placeholder `{port.NAME}` of the port that is free for it.
    package var name: String
    /// Its words, with placeholders; never a shell's line.
    package var argv: [String]
    /// What it finds in its environment beside the drill's own variables, with placeholders.
    package var environment: [Variable] = []
    /// How it tells that it is ready; nil when it need not.
    package var ready: Readiness?

    /// One variable of an environment.
    package struct Variable: Sendable, Equatable {
        package var name: String
        package var value: String

        /// Makes a variable.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A question that is asked again and again until it is answered well.
    package struct Readiness: Sendable, Equatable {
        /// The question.
        package enum Probe: Sendable, Equatable {
            /// This address answers with this status; nil for any from 200 to 399.
            case http(url: String, status: Int?)
            /// This program ends with 0.
            case command([String])
        }

        package var probe: Probe
        /// The longest time that it may take from the start of the program, seconds.
        package var withinSeconds: Double

        /// Makes a question.
        package init(probe: Probe, withinSeconds: Double) {
            self.probe = probe
            self.withinSeconds = withinSeconds
        }
    }

    /// Makes a program that is started and not asked.
    package init(name: String, argv: [String]) {
        self.name = name
        self.argv = argv
    }
}
