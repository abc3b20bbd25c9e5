import Platform
import TestDoubles

@testable import Commands

/// Somebody at a shell who types a line and presses Tab, in a folder with two files and a folder.
final class Typist {
    private let shell: String
    private let folder: TemporaryFolder
    private let here: String

    init(_ shell: String) throws {
        self.shell = shell
        folder = try TemporaryFolder("typist")
        here = folder.path + "/here"
        for name in ["a b.txt", "c.txt", "folder/inner"] { try folder.write("here/\(name)", text: "") }
        guard let completion = CompletionCatalog.all.first(where: { $0.name == shell }) else {
            throw Failure(.failed, "there is no completion for \(shell)")
        }
        try folder.write("script", text: completion.script(CommandTable.all))
    }

    /// What the shell offers, sorted; without the signs that only mark a directory or quote a blank.
    func offered(_ line: String) throws -> [String] {
        let outcome = try ChildProcess.run(
            words(line), environment: ["PATH": "/usr/bin:/bin", "HOME": folder.path, "TERM": "dumb"], directory: here)
        guard outcome.ending.succeeded else { throw Failure(.failed, "\(shell): \(outcome.complaint)") }
        let lines = String(decoding: outcome.output, as: UTF8.self).split(separator: "\n")
        let plain = lines.map { line in
            String(line.prefix { $0 != "\t" }.filter { $0 != "\\" && $0 != "/" })
        }
        return Set(plain).sorted()
    }

    private func words(_ line: String) -> [String] {
        let script = folder.path + "/script"
        switch shell {
        case "bash":
            // Readline cuts at `=`, too.
            let cut = line.replacing("=", with: " = ")
            var words = cut.split(separator: " ").map(String.init)
            if line.hasSuffix(" ") { words.append("") }
            let body = """
                source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _salvor
                [[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\\n' "${COMPREPLY[@]}"
                """
            return ["bash", "--norc", "-c", body, "bash", script] + words
        case "zsh":
            let tool = #filePath.split(separator: "/").dropLast().joined(separator: "/")
            return ["zsh", "-f", "/\(tool)/complete.zsh", script, line]
        default:
            return [shell, "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line]
        }
    }
}
