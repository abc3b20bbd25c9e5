import DataSources
import Entries
import Platform
import TestDoubles

/// Rebuilds a recorded tree with the writer, the way a restore does: files in ranges out of order, hard links, then the
/// directories from the deepest up, then the flags.
enum TreeCopy {
    private struct Step {
        var node: RecordedNode
        var directory: TargetDirectory
        var names: [[UInt8]]
    }

    /// Writes `recording` as the directory `target`, root and all; answers what could not be applied.
    static func write(
        _ recording: Recording, to target: [UInt8], options: FileWriteOptions = FileWriteOptions()
    ) throws -> [Finding] {
        guard let root = recording.sink.root else { throw Failure(.failed, "nothing was recorded") }
        let writer = try FileTreeWriter(root: target, options: options, entry: root.entry)
        var links: [LinkGroup: LinkTarget] = [:]
        var steps = [Step(node: root, directory: writer.root, names: root.names.reversed())]
        while var step = steps.popLast() {
            guard let name = step.names.popLast() else {
                try writer.finish(step.directory)
                continue
            }
            let directory = step.directory
            guard let child = step.node.children[name] else { continue }
            steps.append(step)
            if child.entry.kind == .directory {
                let below = try writer.enter(child.entry, in: directory)
                steps.append(Step(node: child, directory: below, names: child.names.reversed()))
            } else {
                try write(child, in: directory, writer, &links)
            }
        }
        try writer.complete()
        return writer.fidelity
    }

    private struct LinkGroup: Hashable {
        var device: UInt64
        var inode: UInt64
        var changed: Instant
    }

    private static func write(
        _ node: RecordedNode, in directory: TargetDirectory, _ writer: FileTreeWriter,
        _ links: inout [LinkGroup: LinkTarget]
    ) throws {
        let entry = node.entry
        let group = LinkGroup(device: entry.device, inode: entry.inode, changed: entry.changed)
        if entry.links > 1, let first = links[group] { return try writer.link(entry, in: directory, to: first) }
        if entry.kind == .file {
            try fill(writer.begin(entry, in: directory), node.bytes ?? [])
        } else {
            try writer.add(entry, in: directory)
        }
        if entry.links > 1 { links[group] = LinkTarget(directory: directory, name: entry.name) }
    }

    /// Writes the ranges from the last to the first, none aligned to anything.
    static func fill(_ file: PendingFile, _ bytes: [UInt8]) throws {
        let piece = 99_991
        for start in stride(from: 0, to: bytes.count, by: piece).reversed() {
            let end = min(start + piece, bytes.count)
            try file.write(bytes.span.extracting(start..<end), at: UInt64(start))
        }
        try file.finish()
    }
}
