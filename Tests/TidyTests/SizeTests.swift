import Testing

@Suite("Sizes")
struct SizeTests {
    private static let code = Repository.files.filter { file in
        file.path == "Package.swift" || [".swift", ".c", ".h"].contains { file.name.hasSuffix($0) }
    }

    @Test("a file has at most 400 lines")
    func files() {
        for file in Self.code { #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count)") }
    }

    @Test("a line has at most 120 columns, and no blank at its end")
    func lines() {
        for file in Self.code {
            for (index, line) in file.lines.enumerated() where line.count > 120 || line.hasSuffix(" ") {
                Issue.record("\(file.path):\(index + 1) has \(line.count) columns, or ends with a blank")
            }
        }
    }

    @Test("a function has at most 60 lines")
    func functions() {
        var seen = 0
        for file in Repository.swift {
            for function in functions(in: file) {
                seen += 1
                #expect(function.length <= 60, "\(file.path):\(function.line) has \(function.length) lines")
            }
        }
        #expect(seen > 200, "the functions are found")
    }

    @Test("a folder has at most 15 Swift files")
    func folders() {
        let byFolder = Dictionary(grouping: Repository.swift, by: \.folder)
        for (folder, files) in byFolder { #expect(files.count <= 15, "\(folder) has \(files.count)") }
    }

    /// By indentation, which the formatter keeps: a function ends at the next `}` under its first letter.
    private func functions(in file: SourceFile) -> [(line: Int, length: Int)] {
        var found: [(line: Int, length: Int)] = []
        for (index, line) in file.lines.enumerated() {
            let words = line.split(separator: " ").prefix { !$0.hasPrefix("//") }
            let starts = words.contains { word in
                word == "func" || ["init(", "init?(", "init<", "deinit", "subscript("].contains { word.hasPrefix($0) }
            }
            guard starts, !line.contains("self.init"), !line.contains("super.init"), !line.hasSuffix("}") else {
                continue
            }
            let indent = line.prefix { $0 == " " }
            let end = file.lines[(index + 1)...].firstIndex { $0.hasPrefix(indent + "}") }
            let next = file.lines[(index + 1)...].firstIndex {
                $0.hasPrefix(indent) && !$0.dropFirst(indent.count).hasPrefix(" ")
                    && !$0.dropFirst(indent.count).hasPrefix(")") && !$0.isEmpty
            }
            if let end, let next, next == end { found.append((index + 1, end - index + 1)) }
        }
        return found
    }
}
