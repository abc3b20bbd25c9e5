import Platform
import Sealing

/// How psql is kept from obeying commands that somebody hid in the definitions (CVE-2025-8714).
///
/// Between `\restrict WORD` and `\unrestrict WORD` psql runs SQL alone, and whoever does not know the word cannot end
/// that. `pg_dump` takes a new word each time, by which an unchanged database would be changed text: ours is made of
/// the repository's key, always the same and unknown to the server. A psql that does not know the command stops at it,
/// so the lines come out of variables, which stay empty there; their names hold the word.
struct PostgresRestriction: Sendable {
    private let word: String

    /// The restriction of a repository, whose key of the row hashes this is.
    init(key: [UInt8]) throws(Failure) {
        var hash = RowHash(key: key)
        hash.add(Array("psql restriction".utf8).span)
        let digits = String(hash.sum, radix: 16)
        word = String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }

    /// The line that begins the restricted part of a file.
    var opening: String { ":salvor_\(word)_on\n" }
    /// The line that ends it.
    var closing: String { "\n:salvor_\(word)_off\n" }

    /// What the first file must say for the others: sets both variables.
    var definition: String {
        let knows = """
            :VERSION_NUM >= 180000 OR :VERSION_NUM BETWEEN 170006 AND 179999 OR :VERSION_NUM BETWEEN 160010 AND 169999
                OR :VERSION_NUM BETWEEN 150014 AND 159999 OR :VERSION_NUM BETWEEN 140019 AND 149999
                OR :VERSION_NUM BETWEEN 130022 AND 139999
            """
        return """
            SELECT CASE WHEN knows THEN E'\\\\restrict \(word)' ELSE '' END AS salvor_\(word)_on,
                CASE WHEN knows THEN E'\\\\unrestrict \(word)' ELSE '' END AS salvor_\(word)_off
            FROM (SELECT \(knows)) AS psql (knows) \\gset

            """
    }
}
