import Formats
import Platform

/// Where a database lies: a `postgres://` URI, or `postgres:` and libpq's keywords; never with a password in it.
///
/// `databases=a,b` (or `databases=*`) beside the other parameters names several databases of the same server.
package struct PostgresLocation: Sendable, Equatable {
    /// One keyword of libpq and its value.
    package struct Option: Sendable, Equatable {
        package var keyword: String
        package var value: String

        /// Makes an option.
        package init(_ keyword: String, _ value: String) {
            self.keyword = keyword
            self.value = value
        }
    }

    /// Which databases are meant.
    package enum Databases: Sendable, Equatable {
        /// The one that the location names, or the one that libpq takes when it names none.
        case one
        /// These.
        case named([String])
        /// Every database of the server that takes connections and is no template.
        case all
    }

    /// The location as it was given; it holds no secret.
    package let text: String
    /// libpq's keywords, without the database.
    package let options: [Option]
    /// The database that the location names itself.
    package let database: String?
    package let databases: Databases
    /// What every program that is started to work there has in its environment, so that it can be found again.
    package var marks: [String: String] = [:]

    /// Whether a text has the form of a database's location.
    package static func recognises(_ text: String) -> Bool {
        text.hasPrefix("postgres:") || text.hasPrefix("postgresql://")
    }

    /// Reads a location. One with a password in it, or that libpq cannot read, is refused (`.usage`).
    package init(_ text: String) throws(Failure) {
        self.text = text
        var list: String?
        var found: [Option]
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            try Self.refusePassword(inURI: text)
            let (uri, databases) = Self.splitURI(text)
            list = databases
            found = try PostgresConnection.options(ofURI: uri)
        } else if text.hasPrefix("postgres:") {
            found = try Self.keywords(String(text.dropFirst("postgres:".utf8.count)))
            list = found.last { $0.keyword == "databases" }?.value
            found.removeAll { $0.keyword == "databases" }
        } else {
            throw Failure(.usage, "a database's location begins with postgres:// or postgres:")
        }
        if found.contains(where: { ["password", "sslpassword"].contains($0.keyword) }) { throw Self.passwordRefusal }
        database = found.last { $0.keyword == "dbname" && !$0.value.isEmpty }?.value
        options = found.filter { $0.keyword != "dbname" }
        let names = list?.split(separator: ",").map(String.init) ?? []
        databases = list == "*" ? .all : names.isEmpty ? .one : .named(names)
    }

    /// The same server with one database and no list.
    package func with(database name: String) -> PostgresLocation {
        var location = PostgresLocation(text: text, options: options, database: name, databases: .one)
        location.marks = marks
        return location
    }

    /// Reads a location that names no list of databases, and gives it one.
    package init(_ text: String, databases: Databases) throws(Failure) {
        let server = try PostgresLocation(text)
        let isURI = text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
        let list: String?
        switch databases {
        case .one: list = nil
        case .all: list = "*"
        case .named(let names) where isURI: list = names.map(Self.encode).joined(separator: ",")
        case .named(let names):
            let quoted = PostgresText.escaping(names.joined(separator: ",")) {
                $0 == "\\" || $0 == "'" ? "\\\($0)" : nil
            }
            list = "'\(quoted)'"
        }
        let separator = !isURI ? " " : text.contains("?") ? "&" : "?"
        self.init(
            text: text + (list.map { "\(separator)databases=\($0)" } ?? ""), options: server.options,
            database: server.database, databases: databases)
    }

    /// A name as a parameter of a URI takes it.
    private static func encode(_ name: String) -> String {
        name.utf8.map { byte in
            let isPlain =
                [0x2d, 0x2e, 0x5f, 0x7e].contains(byte) || (0x30...0x39).contains(byte)
                || (0x61...0x7a).contains(byte | 0x20)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + Hexadecimal.string([byte])
        }.joined()
    }

    private init(text: String, options: [Option], database: String?, databases: Databases) {
        self.text = text
        self.options = options
        self.database = database
        self.databases = databases
    }

    /// libpq's keywords for a session in one database; nil is libpq's default.
    package func options(database name: String?) -> [Option] {
        options + (name.map { [Option("dbname", $0)] } ?? [])
    }

    /// The same as one text of keywords, for a child's argument; it holds no secret.
    package func conninfo(database name: String?) -> String {
        options(database: name).map { option in
            let value = PostgresText.escaping(option.value) { $0 == "\\" || $0 == "'" ? "\\\($0)" : nil }
            return "\(option.keyword)='\(value)'"
        }.joined(separator: " ")
    }

    private static let passwordRefusal = Failure(
        .usage, "a database's location may not hold a password",
        hint: "put it into a file and name that in PGPASSFILE (see libpq's .pgpass), or set PGPASSWORD")

    /// Refuses before libpq sees the text, whose complaint would repeat it.
    private static func refusePassword(inURI uri: String) throws(Failure) {
        let rest = uri.drop { $0 != "/" }.dropFirst(2)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let user = authority.lastIndex(of: "@").map { authority[..<$0] } ?? ""
        let query = rest.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let keys = query.split(separator: "&").map { $0.prefix { $0 != "=" }.lowercased() }
        if user.contains(":") || keys.contains("password") || keys.contains("sslpassword") { throw passwordRefusal }
    }

    /// Takes the parameter `databases`, which libpq does not know, out of a URI.
    private static func splitURI(_ text: String) -> (uri: String, databases: String?) {
        guard let mark = text.firstIndex(of: "?") else { return (text, nil) }
        let parameters = text[text.index(after: mark)...].split(separator: "&")
        let kept = parameters.filter { !$0.hasPrefix("databases=") }
        let list = parameters.last { $0.hasPrefix("databases=") }.map { decode($0.dropFirst("databases=".utf8.count)) }
        return (text[..<mark] + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&")), list)
    }

    private static func decode(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads `keyword=value keyword='a value'` with libpq's rules for spaces, quotes and backslashes.
    private static func keywords(_ text: String) throws(Failure) -> [Option] {
        var options: [Option] = []
        var rest = Array(text.unicodeScalars)[...]
        func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\n" }
        while true {
            rest = rest.drop(while: isSpace)
            if rest.isEmpty { return options }
            let keyword = rest.prefix { $0 != "=" && !isSpace($0) }
            rest = rest.dropFirst(keyword.count).drop(while: isSpace)
            guard rest.popFirst() == "=", !keyword.isEmpty else {
                throw Failure(
                    .usage, "a database's location after postgres: is a list of keyword=value",
                    hint: "such as postgres:service=shop or postgres:host=/run/postgresql dbname=shop")
            }
            rest = rest.drop(while: isSpace)
            let quoted = rest.first == "'"
            if quoted { rest = rest.dropFirst() }
            var value = String.UnicodeScalarView()
            var closed = !quoted
            while let scalar = rest.popFirst() {
                if quoted ? scalar == "'" : isSpace(scalar) {
                    closed = true
                    break
                }
                if scalar == "\\", let next = rest.popFirst() { value.append(next) } else { value.append(scalar) }
            }
            if !closed { throw Failure(.usage, "a quote is not closed in the database's location") }
            let name = String(String.UnicodeScalarView(keyword))
            options.append(Option(name, String(value)))
        }
    }
}
