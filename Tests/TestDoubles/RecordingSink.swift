import Entries
import DataSources
import Platform

/// A sink that keeps everything in memory and watches that the adapter keeps the sink's contract.
///
/// `record` runs an adapter into a new sink whose contents are read by threads, as a backup does. A sink made by `init`
/// alone reads each content at once, on the calling thread.
package final class RecordingSink: CaptureSink, @unchecked Sendable {
    private let lock = Lock()
    private let bufferBytes: Int
    private let parent: RecordingSink?
    private let cancellation: any Cancellation
    private var queue: BoundedQueue<Job>?
    private var top: RecordedNode?
    private var open: [(node: RecordedNode, order: ChildOrder, last: [UInt8]?)] = []
    private var pending = 0
    private var noted: [Finding] = []
    private var broken: [String] = []
    private var kept: [[[UInt8]]] = []
    private var whenEntering: (@Sendable (RecordingSink, String) throws -> Void)?

    private struct Job: Sendable {
        var path: [[UInt8]]
        var node: RecordedNode
        var content: any ContentSource
    }

    /// Makes an empty sink. An entry that is unchanged since `parent` is taken over from it.
    package init(
        bufferBytes: Int = 64 << 10, parent: RecordingSink? = nil, cancellation: any Cancellation = NeverCancelled()
    ) {
        self.bufferBytes = bufferBytes
        self.parent = parent
        self.cancellation = cancellation
    }

    /// Captures a whole source, its contents read by `readers` threads.
    ///
    /// `whenEntering` is called on the adapter's thread with the path of each directory, before what is in it.
    /// Throws what the adapter throws, and a failure that names every promise of the contract that it broke.
    package static func record(
        _ adapter: any SourceAdapter, readers: Int = 2, rowHashKey: [UInt8] = Array(0..<16),
        bufferBytes: Int = 64 << 10,
        parent: RecordingSink? = nil, clock: any Clock = SystemClock(),
        cancellation: any Cancellation = NeverCancelled(),
        whenEntering: (@Sendable (RecordingSink, String) throws -> Void)? = nil
    ) throws -> Recording {
        let sink = RecordingSink(bufferBytes: bufferBytes, parent: parent, cancellation: cancellation)
        let context = CaptureContext(rowHashKey: rowHashKey, readers: readers, clock: clock)
        let queue = BoundedQueue<Job>(capacity: 2 * readers)
        sink.queue = queue
        sink.whenEntering = whenEntering
        let outcome = try ThreadScope.run { scope in
            defer { queue.close() }
            for number in 0..<readers {
                scope.start("reader-\(number)") { while let job = queue.pop() { sink.finish(job) } }
            }
            let outcome = try adapter.capture(into: sink, context: context)
            try sink.settle()
            return outcome
        }
        let breaches = sink.breaches
        if !breaches.isEmpty { throw Failure(.failed, "the adapter broke the sink's contract: \(breaches)") }
        return Recording(sink: sink, outcome: outcome)
    }

    /// The source's root, nil before the adapter gave it.
    package var root: RecordedNode? { lock.locked { top } }
    /// What was reported, by the adapter or because a content could not be read.
    package var findings: [Finding] { lock.locked { noted } }
    /// The paths of the entries that were taken over from the parent.
    package var takenOver: [[[UInt8]]] { lock.locked { kept } }
    /// The promises that the adapter broke. The root is the caller's: nobody leaves it.
    package var breaches: [String] {
        lock.locked { broken + (open.count <= 1 ? [] : ["\(open.count - 1) directories were never left"]) }
    }

    /// The node at a path relative to the root, nil when there is none.
    package func node(_ path: [[UInt8]]) -> RecordedNode? {
        lock.locked { path.reduce(top) { node, name in node?.children[name] } }
    }

    package func root(_ entry: Entry, content: (any ContentSource)?, order: ChildOrder) throws {
        let node = RecordedNode(entry)
        lock.locked {
            if top != nil { broken.append("root was called twice") }
            top = node
            if entry.kind == .directory { open = [(node, order, nil)] }
        }
        try take(content, of: node, at: [])
    }

    package func takesOver(_ entry: Entry) throws -> Bool {
        guard let parent else { return false }
        let path = path(of: entry)
        guard let old = parent.node(path), entry.kind != .directory else { return false }
        let same =
            old.entry.kind == entry.kind && old.entry.size == entry.size && old.entry.modified == entry.modified
            && old.entry.changed == entry.changed && old.entry.inode == entry.inode
        guard same, old.bytes != nil || entry.kind != .file else { return false }
        insert(old)
        lock.locked { kept.append(path) }
        return true
    }

    package func add(_ entry: Entry, content: (any ContentSource)?) throws {
        if entry.kind == .directory { breach("\(printable(entry.name)) was added, but is a directory") }
        if entry.kind == .file, content == nil { breach("the file \(printable(entry.name)) came without content") }
        let path = path(of: entry)
        let node = RecordedNode(entry)
        insert(node)
        try take(content, of: node, at: path)
    }

    package func enter(_ directory: Entry, order: ChildOrder) throws {
        if directory.kind != .directory { breach("\(printable(directory.name)) was entered, but is no directory") }
        let node = RecordedNode(directory)
        insert(node)
        let path = lock.locked {
            open.append((node, order, nil))
            return open.dropFirst().map { printable($0.node.entry.name) }.joined(separator: "/")
        }
        try whenEntering?(self, path)
    }

    package func leave() throws {
        lock.locked {
            if open.count < 2 {
                broken.append("a directory was left that was never entered")
            } else {
                open.removeLast()
            }
        }
    }

    package func parentBytes(of name: [UInt8]) throws -> [UInt8]? {
        let path = lock.locked { open.dropFirst().map { $0.node.entry.name } + [name] }
        if lock.locked({ open.last?.order }) != .any { breach("\(words(path)) of the parent was asked for in order") }
        return parent?.node(path)?.bytes
    }

    package func settle() throws {
        lock.locked { while pending > 0 { lock.wait() } }
    }

    package func report(_ finding: Finding) { lock.locked { noted.append(finding) } }
    package func checkCancellation() throws { try cancellation.check() }

    private func breach(_ sentence: String) { lock.locked { broken.append(sentence) } }

    private func path(of entry: Entry) -> [[UInt8]] {
        lock.locked { open.dropFirst().map { $0.node.entry.name } + [entry.name] }
    }

    private func insert(_ node: RecordedNode) {
        let name = node.entry.name
        lock.locked {
            guard let level = open.indices.last else { return broken.append("\(printable(name)) came before the root") }
            let isDots = name == [UInt8(ascii: ".")] || name.elementsEqual("..".utf8)
            if name.isEmpty || name.contains(0) || name.contains(UInt8(ascii: "/")) || isDots {
                broken.append("\(printable(name)) is no name")
            }
            if let last = open[level].last, open[level].order == .ascending, !last.lexicographicallyPrecedes(name) {
                broken.append("\(printable(name)) came after \(printable(last))")
            }
            open[level].last = name
            if open[level].node.children.updateValue(node, forKey: name) != nil {
                broken.append("\(printable(name)) came twice")
            }
        }
    }

    private func take(_ content: (any ContentSource)?, of node: RecordedNode, at path: [[UInt8]]) throws {
        guard let content else { return }
        let job = Job(path: path, node: node, content: content)
        guard let queue else { return finish(job) }
        lock.locked { pending += 1 }
        if !queue.push(job) { lock.locked { pending -= 1 } }
    }

    /// Reads one content to its end; what cannot be read is reported and its entry left out, as a backup does it.
    private func finish(_ job: Job) {
        do { try read(job) } catch {
            let failure = Failure(error)
            report(Finding(.missing, words(job.path), failure.description))
            lock.locked {
                let above = job.path.dropLast().reduce(top) { node, name in node?.children[name] }
                if let name = job.path.last { above?.children[name] = nil }
            }
        }
        if queue != nil {
            lock.locked {
                pending -= 1
                lock.wakeAll()
            }
        }
    }

    private func read(_ job: Job) throws {
        var buffer = Buffer(capacity: bufferBytes)
        for attempt in 1...2 {
            var bytes: [UInt8] = []
            let reader = try job.content.open()
            while true {
                buffer.clear()
                let more = try reader.read(into: &buffer)
                if more == buffer.isEmpty {
                    breach("\(words(job.path)): read answered \(more) with \(buffer.count) bytes")
                }
                bytes.append(buffer.bytes)
                if !more || buffer.isEmpty { break }
            }
            reader.noteNew(bytes: parent?.node(job.path)?.bytes == bytes ? 0 : UInt64(bytes.count))
            let (entry, unchanged) = try reader.finish()
            lock.locked {
                job.node.entry = entry
                job.node.bytes = bytes
                job.node.profile = job.content.profile
            }
            if unchanged { return }
            if attempt == 2 { report(Finding(.notice, words(job.path), "changed while it was read")) }
        }
    }

    private func words(_ path: [[UInt8]]) -> String { path.map { printable($0) }.joined(separator: "/") }
}
