import Glibc
import Platform
import TestDoubles
import Testing

/// The library that counts the calls of salvor that change a file system, and kills it at one of them; built once.
enum CallCounter {
    private static let library: Swift.Result<(folder: TemporaryFolder, path: String), any Error> = Swift.Result {
        let folder = try TemporaryFolder("killcount")
        let path = folder.path + "/killcount.so"
        let source = Salvor.top + "/Tests/EndToEndTests/faults/killcount.c"
        let built = try ChildProcess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", path, source, "-ldl"],
            environment: Environment.withoutSecrets())
        guard built.ending.succeeded else { throw Failure(.failed, "cc failed", cause: built.complaint) }
        // A salvor of another user loads it too, or runs without it and says nothing.
        let name = CString(folder.path)
        if unsafe chmod(name.pointer, 0o755) != 0 { throw Failure.system("open", folder.path) }
        return (folder, path)
    }

    /// The variables that let a run write the number of its calls to a file.
    static func counting(to file: String) throws -> [String: String] {
        ["LD_PRELOAD": try library.get().path, "KILLCOUNT_TOTAL": file]
    }

    /// The variables that send a run a signal at its Nth call.
    static func stopping(at call: Int, by signal: Int32) throws -> [String: String] {
        ["LD_PRELOAD": try library.get().path, "KILLCOUNT_AT": String(call), "KILLCOUNT_SIGNAL": String(signal)]
    }

    /// The number that a run wrote.
    static func total(in file: String) throws -> Int {
        let text = String(decoding: try FileTree.read(Array(file.utf8), limit: 100), as: UTF8.self)
        return try #require(Int(text.dropLast()))
    }

    /// `count` places in 1...total: the first, the last, and others spread by a seed.
    static func places(_ count: Int, of total: Int) -> [Int] {
        guard total > count else { return Array(1...max(1, total)) }
        let random = SeededRandomness(seed: UInt64(total))
        let between = (1..<count - 1).map { 1 + ($0 * total) / count + random.next(below: max(1, total / count)) }
        return Set([1, total] + between.map { min($0, total) }).sorted()
    }
}
