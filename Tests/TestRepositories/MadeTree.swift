import DataSources
import Entries
import Formats
import Platform
import Synchronization

/// A source that a test makes up: a tree in memory, whose contents can be counted, changed and made to fail.
package final class MadeTree: SourceAdapter {
    package static let name = "made"
    package static let summary = "made up"
    package let location: String
    private let state: Mutex<State>
    private let order: ChildOrder

    private struct State {
        var root: Node
        var opened: [String] = []
    }

    /// One item of the tree.
    package struct Node: Sendable {
        /// What it is; its size is set from the bytes.
        package var entry: Entry
        /// A file's bytes.
        package var bytes: [UInt8] = []
        /// What a directory holds, by name.
        package var children: [String: Node] = [:]
        /// What reading the content throws, after so many bytes.
        package var failure: (after: Int, what: Failure)?
        /// How often the content claims to have changed while it was read.
        package var changes = 0
        /// Other bytes that the first readings give, whose inode shows no trace of it: the file is in motion.
        package var unseen: [[UInt8]] = []
        /// Where the file has holes.
        package var holes: [Entry.Hole] { entry.holes }

        /// An item of an entry, with nothing in it yet.
        package init(_ entry: Entry) { self.entry = entry }

        /// A file.
        package static func file(_ bytes: [UInt8], changed: Int64 = 1000, inode: UInt64 = 0) -> Node {
            var entry = Entry(name: [], kind: .file, permissions: 0o644, modified: Instant(seconds: changed))
            entry.size = UInt64(bytes.count)
            entry.inode = inode
            var node = Node(entry)
            node.bytes = bytes
            return node
        }

        /// A directory.
        package static func directory(_ children: [String: Node] = [:]) -> Node {
            var node = Node(Entry(name: [], kind: .directory, permissions: 0o755, modified: Instant(seconds: 1000)))
            node.children = children
            return node
        }

        /// Anything else.
        package static func other(_ entry: Entry) -> Node { Node(entry) }
    }

    /// A tree whose root is `root`; with `.any` it gives its names in the reverse order.
    package init(_ root: Node, location: String = "/made", order: ChildOrder = .ascending) {
        self.location = location
        self.order = order
        state = Mutex(State(root: root))
    }

    /// Changes the tree between two backups.
    package func change(_ body: (inout Node) -> Void) { state.withLock { body(&$0.root) } }
    /// The names of the contents that were opened, since the last look.
    package func takeOpened() -> [String] {
        state.withLock { state in
            defer { state.opened = [] }
            return state.opened.sorted()
        }
    }

    package func probe() throws {}

    package func capture(into sink: any CaptureSink, context: CaptureContext) throws -> CaptureOutcome {
        let root = state.withLock { $0.root }
        if root.entry.kind == .directory {
            try sink.root(root.entry, content: nil, order: order)
            try give(root.children, to: sink)
        } else {
            try sink.root(root.entry, content: content(of: root), order: .ascending)
        }
        return CaptureOutcome(dataTime: context.clock.now(), manifest: ["made": true])
    }

    private func give(_ children: [String: Node], to sink: any CaptureSink) throws {
        let sorted = children.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
        for (name, node) in order == .ascending ? sorted : sorted.reversed() {
            try sink.checkCancellation()
            var named = node
            named.entry.name = Array(name.utf8)
            if node.entry.kind == .directory {
                try sink.enter(named.entry, order: order)
                try give(node.children, to: sink)
                try sink.leave()
            } else if try !sink.takesOver(named.entry) {
                try sink.add(named.entry, content: content(of: named))
            }
        }
    }

    private func content(of node: Node) -> (any ContentSource)? {
        node.entry.kind == .file ? MadeContent(node: node, tree: self) : nil
    }

    fileprivate func noteOpened(_ name: [UInt8]) { state.withLock { $0.opened.append(printable(name)) } }
}

/// The content of a made file.
private final class MadeContent: ContentSource {
    private let node: MadeTree.Node
    private let tree: MadeTree
    private let changesLeft: Mutex<Int>
    private let unseen: Mutex<[[UInt8]]>

    init(node: MadeTree.Node, tree: MadeTree) {
        self.node = node
        self.tree = tree
        changesLeft = Mutex(node.changes)
        unseen = Mutex(node.unseen)
    }

    var profile: CutProfile { .file }

    func open() throws -> any ContentReader {
        tree.noteOpened(node.entry.name)
        let isChanging = changesLeft.withLock { left in
            left -= 1
            return left >= 0
        }
        var read = node
        unseen.withLock { if !$0.isEmpty { read.bytes = $0.removeFirst() } }
        return Reader(node: read, isChanging: isChanging)
    }

    private final class Reader: ContentReader {
        private let node: MadeTree.Node
        private let isChanging: Bool
        private var position = 0

        init(node: MadeTree.Node, isChanging: Bool) {
            self.node = node
            self.isChanging = isChanging
        }

        func read(into buffer: inout Buffer) throws -> Bool {
            var end = min(node.bytes.count, position + buffer.room)
            if let failure = node.failure {
                if position >= failure.after { throw failure.what }
                end = min(end, failure.after)
            }
            guard end > position else { return false }
            let bytes = node.bytes
            buffer.append(bytes.span.extracting(position..<end))
            position = end
            return true
        }

        var mayBeInMotion: Bool { !node.unseen.isEmpty }

        func endOfHole(at offset: UInt64) -> UInt64? {
            node.holes.first { $0.offset <= offset && offset < $0.offset + $0.length }.map { $0.offset + $0.length }
        }

        func skipHole(_ count: UInt64) { position += Int(count) }

        func finish() throws -> (entry: Entry, unchanged: Bool) { (node.entry, !isChanging) }
    }
}
