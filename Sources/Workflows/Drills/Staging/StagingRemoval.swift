import Platform

/// Removes a tree and goes on where something cannot be removed: what is left is told by name, everything else goes.
package struct StagingRemoval: Sendable {
    /// How many processes had to be ended first.
    package var endedProcesses = 0
    /// What is left and why, at most 20 sentences.
    package var problems: [String] = []

    /// Removes `name` in `parent` with everything in it; `path` is its whole path, for messages. Absent is fine.
    ///
    /// Symlinks are removed, never followed. What lies on another mount is left: it is not ours.
    mutating func remove(_ name: [UInt8], in parent: Directory, path: [UInt8]) {
        do throws(Failure) { try FileTree.remove(name, in: parent) } catch {
            // Something in it is in the way. One by one, so that everything beside it goes.
            guard let directory = try? FileTree.openForRemoval(name, in: parent), let names = try? directory.names()
            else { return note(path, error) }
            let before = problems.count
            for child in names { remove(child, in: directory, path: path + [UInt8(ascii: "/")] + child) }
            do throws(Failure) { try FileTree.remove(name, in: parent) } catch {
                if problems.count == before { note(path, error) }
            }
        }
    }

    private mutating func note(_ path: [UInt8], _ failure: Failure) {
        if problems.count < 20 { problems.append("\(printable(path)) is left: \(failure.description)") }
    }
}
