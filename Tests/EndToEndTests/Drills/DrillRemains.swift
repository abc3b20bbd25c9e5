import Platform
import TestDoubles
import Testing

/// What could be left of drills, looked for from outside.
struct DrillRemains {
    private let shop: DrilledShop
    /// The names of staging areas that were seen.
    private var areas: Set<String> = []
    /// The keys of shared memory that their servers had.
    private var keys: Set<String> = []

    init(_ shop: DrilledShop) { self.shop = shop }

    /// Remembers what a drill has at this moment, so that it can be looked for afterwards. Answers whether it has made
    /// an area.
    @discardableResult
    mutating func remember() throws -> Bool {
        let staged = try shop.staged()
        areas.formUnion(staged)
        for area in staged {
            let path = Array("\(shop.salvor.staging)/\(area)/pg/postmaster.pid".utf8)
            guard let text = try? FileTree.read(path, limit: 4096) else { continue }
            let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            if lines.count > 6, let key = lines[6].split(separator: " ").first { keys.insert(String(key)) }
        }
        return !staged.isEmpty
    }

    /// What is there now, in words; processes that are on their way out get `seconds`.
    func all(patience seconds: Double = 2) throws -> [String] {
        let deadline = SystemClock().monotonicSeconds() + seconds
        while !processes().isEmpty, SystemClock().monotonicSeconds() < deadline { Pause.sleep(seconds: 0.02) }
        var found = processes()
        found += try shop.staged().map { "in staging: \($0)" }
        let elsewhere = try Directory(Array("/tmp".utf8)).names().map { String(decoding: $0, as: UTF8.self) }
        found += areas.intersection(elsewhere).map { "in /tmp: \($0)" }
        let shared = String(decoding: try FileTree.read(Array("/proc/sysvipc/shm".utf8), limit: 1 << 20), as: UTF8.self)
        for line in shared.split(separator: "\n") {
            guard let key = line.split(separator: " ").first, keys.contains(String(key)) else { continue }
            found.append("shared memory: \(line)")
        }
        let mounts = String(decoding: try FileTree.read(Array("/proc/mounts".utf8), limit: 1 << 20), as: UTF8.self)
        found += mounts.split(separator: "\n").filter { $0.contains(shop.salvor.folder.path) }.map { "mount: \($0)" }
        return found
    }

    /// Whatever runs and has to do with the folder of the test: by its words, its environment, or where it works.
    private func processes() -> [String] {
        let mark = Array(shop.salvor.folder.path.utf8)
        return ProcessTable.identifiers().filter { $0 != Host.processID && ProcessTable.startTime(of: $0) != nil }
            .compactMap { number in
                let words = (try? FileTree.read(Array("/proc/\(number)/cmdline".utf8), limit: 1 << 20)) ?? []
                let variables = (try? FileTree.read(Array("/proc/\(number)/environ".utf8), limit: 4 << 20)) ?? []
                let place = ProcessTable.workingDirectory(of: number) ?? []
                guard [words, variables, place].contains(where: { Self.holds($0, mark) }) else { return nil }
                let text = String(decoding: words.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
                return "process \(number): \(text) in \(String(decoding: place, as: UTF8.self))"
            }
    }

    private static func holds(_ text: [UInt8], _ mark: [UInt8]) -> Bool {
        String(decoding: text, as: UTF8.self).contains(String(decoding: mark, as: UTF8.self))
    }
}
