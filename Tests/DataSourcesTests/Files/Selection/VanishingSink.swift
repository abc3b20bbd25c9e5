import DataSources
import Entries
import Platform

/// A sink that removes files as soon as the root is known: after its directory was listed, before what is in it is
/// looked at.
final class VanishingSink: CaptureSink, @unchecked Sendable {
    private(set) var names: [String] = []
    private(set) var findings: [Finding] = []
    private let folder: [UInt8]
    private let doomed: [String]

    init(_ folder: [UInt8], removing doomed: [String]) {
        self.folder = folder
        self.doomed = doomed
    }

    func root(_ entry: Entry, content: (any ContentSource)?, order: ChildOrder) throws {
        for name in doomed { try FileTree.remove(folder + Array("/\(name)".utf8)) }
    }
    func takesOver(_ entry: Entry) throws -> Bool { false }
    func add(_ entry: Entry, content: (any ContentSource)?) throws { names.append(printable(entry.name)) }
    func enter(_ directory: Entry, order: ChildOrder) throws { names.append(printable(directory.name)) }
    func leave() throws {}
    func settle() throws {}
    func report(_ finding: Finding) { findings.append(finding) }
    func checkCancellation() throws {}
}
