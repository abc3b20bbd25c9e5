import Formats
import Platform

/// What an address of a database tells without asking a server: the name that its source gets.
enum PostgresAddress {
    /// The database's name as a source's name; the service's where only a service is given, `postgres` for several
    /// databases. A usage failure when the address says none of them.
    static func sourceName(_ address: String) throws(Failure) -> String {
        guard let raw = databaseName(address) else {
            throw Failure(
                .usage, "no name for the source can be made of \(address)",
                hint: "name it yourself: NAME=\(address)")
        }
        guard let name = SourceName.derived(from: raw) else {
            throw Failure(
                .usage, "no name for the source can be made of the database `\(printable(raw))`",
                hint: "name it yourself: NAME=\(address)")
        }
        return name
    }

    private static func databaseName(_ address: String) -> [UInt8]? {
        guard let colon = address.firstIndex(of: ":") else { return nil }
        let rest = address[address.index(after: colon)...]
        return rest.hasPrefix("//") ? inURL(rest.dropFirst(2)) : inKeywords(rest)
    }

    private static func inURL(_ rest: Substring) -> [UInt8]? {
        let query = rest.firstIndex(of: "?").map { rest[rest.index(after: $0)...] } ?? ""
        let place = rest.prefix { $0 != "?" }
        let path = place.firstIndex(of: "/").map { place[place.index(after: $0)...] } ?? ""
        let parameters = query.split(separator: "&").map { parameter in
            parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        func value(_ key: String) -> String? {
            parameters.first { $0.count == 2 && $0[0] == key && !$0[1].isEmpty }?[1]
        }
        if let several = value("databases") { return ofList(several) }
        let name = path.isEmpty ? value("dbname") ?? value("service") : String(path)
        return name.flatMap { percentDecoded($0) }
    }

    private static func inKeywords(_ rest: Substring) -> [UInt8]? {
        let (words, parameters) = (rest.prefix { $0 != "?" }, rest.drop { $0 != "?" }.dropFirst())
        if parameters.hasPrefix("databases=") { return ofList(String(parameters.dropFirst("databases=".count))) }
        var service: [UInt8]?
        for word in words.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1).map {
                Array($0.utf8.filter { $0 != UInt8(ascii: "'") })
            }
            guard parts.count == 2 else { continue }
            if parts[0] == Array("dbname".utf8) { return parts[1] }
            if parts[0] == Array("service".utf8) { service = parts[1] }
        }
        return service
    }

    private static func ofList(_ list: String) -> [UInt8]? {
        list == "*" || list.contains(",") ? Array("postgres".utf8) : percentDecoded(list)
    }

    private static func percentDecoded(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self).lowercased()
            guard let decoded = Hexadecimal.bytes(digits), decoded.count == 1 else { return nil }
            bytes += decoded
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
