import Testing

@Suite("Catalogues")
struct CatalogueTests {
    /// A folder of variants (and the folders in it), the end of their names, and the file that lists them.
    private static let catalogues: [(folder: String, suffix: String, catalogue: String)] = [
        ("Sources/Engine/Storage/Backends", "Store", "Sources/Engine/Storage/StoreCatalog.swift"),
        ("Sources/Engine/DataSources", "Adapter", "Sources/Engine/DataSources/AdapterCatalog.swift"),
        (
            "Sources/Engine/DataSources", "Adapter",
            "Sources/Application/Commands/Addressing/SourceAdapters.swift"
        ),
        ("Sources/Workflows/Drills/Recovery", "Recovery", "Sources/Workflows/Drills/Recovery/RecoveryCatalog.swift"),
        ("Sources/Engine/Reports/Formats", "Report", "Sources/Engine/Reports/FormatCatalog.swift"),
        ("Sources/Workflows/Drills/Checks/Brought", "Check", "Sources/Workflows/Drills/Checks/CheckCatalog.swift"),
        ("Sources/Workflows/Drills/Checks/Asked", "Check", "Sources/Workflows/Drills/Checks/AskedCatalog.swift"),
        ("Sources/Application/Commands/Verbs", "Command", "Sources/Application/Commands/CommandTable.swift"),
    ]

    @Test("every variant is one file and one line in its catalogue", arguments: catalogues.map(\.catalogue))
    func complete(path: String) throws {
        let entry = try #require(Self.catalogues.first { $0.catalogue == path })
        let catalogue = try #require(Repository.file(entry.catalogue), "\(entry.catalogue) is missing")
        let variants = Repository.sources.filter { file in
            "\(file.folder)/".hasPrefix("\(entry.folder)/") && file.base.hasSuffix(entry.suffix)
        }
        #expect(!variants.isEmpty, "\(entry.folder) has no *\(entry.suffix).swift")
        for variant in variants where variant.path != entry.catalogue {
            let listed = catalogue.lines.contains { line in
                line.split { !$0.isLetter && !$0.isNumber }.contains { $0 == variant.base } && !line.contains("//")
            }
            #expect(listed, "\(entry.catalogue) lacks the line for \(variant.base)")
        }
    }

    @Test("every store is one that the tests run the suite of stores over")
    func storesAreTried() {
        let stores = Repository.sources.filter {
            $0.folder == "Sources/Engine/Storage/Backends" && $0.base.hasSuffix("Store")
        }
        let tests = Repository.swift.filter { $0.path.hasPrefix("Tests/") && $0.text.contains("ObjectStoreSuite {") }
        #expect(!stores.isEmpty && !tests.isEmpty)
        for store in stores {
            #expect(tests.contains { $0.text.contains(store.base) }, "no test runs ObjectStoreSuite over \(store.base)")
        }
    }

    @Test("a file holds one type and is named after it")
    func oneType() {
        for file in Repository.sources where file.name != "main.swift" {
            let types = file.lines.compactMap { declaredType(in: $0) }
            #expect(types.count <= 1, "\(file.path) holds \(types.joined(separator: ", "))")
            if let type = types.first, !file.name.contains("+") {
                #expect(type == file.base, "\(file.path) holds \(type)")
            }
        }
    }

    @Test("the top of the repository is as fixed")
    func topLevel() {
        let wanted: Set = ["Package.swift", "Sources", "Tests", "Scripts", "README.md"]
        let found = Set(Repository.names(in: ".").filter { !$0.hasPrefix(".") && $0 != "Package.resolved" })
        #expect(found.subtracting(["Policies"]) == wanted)
    }

    /// The type that a line at the left edge declares for others than its file.
    private func declaredType(in line: String) -> String? {
        let words = line.split(separator: " ")
        guard let first = words.first, line.first != " ", first != "private", first != "fileprivate",
            let place = words.firstIndex(where: { ["struct", "class", "enum", "protocol", "actor"].contains($0) }),
            words.prefix(place).allSatisfy({ ["package", "final", "internal", "@safe", "indirect"].contains($0) }),
            place + 1 < words.count
        else { return nil }
        return String(words[place + 1].prefix { $0.isLetter || $0.isNumber })
    }
}
