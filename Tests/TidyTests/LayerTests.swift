import Testing

@Suite("Layers")
struct LayerTests {
    private static let ranks = ["CLibraries": 0, "Base": 1, "Engine": 2, "Workflows": 3, "Application": 4]

    /// Modules that only the named ones may import: the door to each C library.
    private static let doors: [String: Set<String>] = [
        "CLinux": ["Platform"], "COpenSSL": ["Sealing"], "CZlib": ["Sealing"], "CPostgres": ["DataSources"],
    ]

    /// Files outside Platform that may import the C library, with the reason. None of them calls the kernel by it.
    private static let glibcExceptions: [String: String] = [
        "Sources/Engine/Storage/Backends/LocalStore.swift": "names of errors and of flags for opening"
    ]

    private static var layers: [String: String] {
        var layers: [String: String] = [:]
        for file in Repository.files {
            if let module = file.module, let layer = file.layer { layers[module] = layer }
        }
        return layers
    }

    @Test("the five layers are there, and no other")
    func known() {
        #expect(Set(Repository.names(in: "Sources")) == Set(Self.ranks.keys))
        #expect(Self.layers.count > 10)
    }

    @Test("a layer uses only itself and the layers below it")
    func oneWay() throws {
        for file in Repository.sources {
            let own = try #require(Self.ranks[file.layer ?? "Base"])
            for name in file.imports {
                guard let layer = Self.layers[name], let rank = Self.ranks[layer] else { continue }
                #expect(rank <= own, "\(file.path) imports \(name), which lies above it")
            }
        }
    }

    @Test(
        "sources and stores know no repository, and workflows meet only where the design says",
        arguments: [
            ("DataSources", "Repositories"), ("DataSources", "Storage"), ("Storage", "Repositories"),
            ("Storage", "Sealing"), ("Reports", "Repositories"), ("Reports", "DataSources"), ("Formats", "Platform"),
            ("Platform", "Formats"), ("Repositories", "DataSources"), ("Restores", "Backups"), ("Backups", "Restores"),
            ("Upkeep", "DataSources"), ("Drills", "Backups"), ("Sealing", "Storage"),
        ])
    func absences(module: String, absent: String) {
        for file in Repository.sources where file.module == module {
            #expect(!file.imports.contains(absent), "\(file.path) imports \(absent)")
        }
    }

    @Test("each C library has one door")
    func doorsAreKept() {
        for file in Repository.sources {
            for (library, modules) in Self.doors where file.imports.contains(library) {
                #expect(modules.contains(file.module ?? ""), "\(file.path) imports \(library)")
            }
        }
        for library in Self.doors.keys {
            #expect(Repository.sources.contains { $0.imports.contains(library) }, "nobody uses \(library)")
        }
    }

    @Test("only Platform talks to the kernel: elsewhere the C library is imported for its constants, where listed")
    func kernel() {
        let importers = Repository.sources.filter { $0.imports.contains("Glibc") && $0.module != "Platform" }
        for file in importers {
            #expect(Self.glibcExceptions[file.path] != nil, "\(file.path) imports Glibc; Platform has a type for it?")
        }
        for path in Self.glibcExceptions.keys {
            #expect(importers.contains { $0.path == path }, "\(path) no longer needs its exception")
        }
    }

    @Test("no file of the product needs Foundation")
    func foundation() {
        for file in Repository.sources {
            #expect(!file.imports.contains { $0.hasPrefix("Foundation") }, "\(file.path) imports Foundation")
        }
    }

    @Test("every module is declared with one line of purpose above its group, and has a folder")
    func declared() throws {
        let manifest = try #require(Repository.file("Package.swift"))
        for (module, layer) in Self.layers {
            #expect(manifest.text.contains("\"\(module)\""), "Package.swift does not declare \(module)")
            #expect(manifest.lines.contains { $0.hasPrefix("        // \(layer): ") && $0.hasSuffix(".") })
        }
    }
}
