import Platform

/// A list of paths, not read yet.
package struct PathList: Sendable {
    /// What it is called in messages: a file's path, `standard input`.
    package var name: String
    /// Whether NUL ends each path, and not a line break.
    package var endsWithNUL: Bool
    package var input: any ByteInput

    /// Makes a list.
    package init(name: String, endsWithNUL: Bool, input: any ByteInput) {
        self.name = name
        self.endsWithNUL = endsWithNUL
        self.input = input
    }

    /// Tells each path with its number, from 1; empty ones too. `idle` is called while nothing comes.
    func forEach(idle: () throws -> Void, _ body: (Int, [UInt8]) throws -> Void) throws {
        let separator: UInt8 = endsWithNUL ? 0 : UInt8(ascii: "\n")
        var buffer = Buffer(capacity: 64 << 10)
        var path: [UInt8] = []
        var number = 0
        while true {
            buffer.clear()
            if try input.read(into: &buffer, idle: idle) == 0 { break }
            try idle()
            try buffer.withBytes { bytes in
                var start = 0
                for index in 0..<bytes.count where bytes[index] == separator {
                    path.append(bytes.extracting(start..<index))
                    number += 1
                    try body(number, path)
                    path.removeAll(keepingCapacity: true)
                    start = index + 1
                }
                path.append(bytes.extracting(start..<bytes.count))
            }
            guard path.count <= NamedPaths.lineBytesMax else {
                throw Failure(.usage, "\(name): path \(number + 1) has more than \(NamedPaths.lineBytesMax) bytes")
            }
        }
        if !path.isEmpty { try body(number + 1, path) }
    }
}
