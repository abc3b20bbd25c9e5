import Testing

@Suite("Layers")
struct LayerTests {
    private static let ranks = ["CLibraries": 0, "Base": 1, "Engine": 2, "Workflows": 3, "Application": 4]

    /// Modules that only the named ones may import: the door to each C library.
    private static let doors: [String: Set<String>] = [
        "CLinux": ["Platform"], "CDigest": ["Sealing"], "COpenSSL": ["Sealing"], "CZlib": ["Sealing"],
        "CPostgres": ["DataSources"],
    ]

    /// Calls of the C library that reach the kernel, or take memory, by names that a method of ours would not have;
    /// each has a type in Platform instead.
    private static let kernelCalls: Set<String> = [
        "chdir", "chmod", "chown", "clock_gettime", "dup", "dup2", "execv", "execve",
        "fchmod", "fchown", "fcntl", "fdatasync", "fopen", "fstat", "fsync", "ftruncate", "getegid",
        "getenv",
        "geteuid", "getgid", "getpid", "getpwnam_r", "getrandom", "gettimeofday", "getuid", "ioctl", "isatty", "linkat",
        "lseek", "lstat", "malloc", "mkdir", "mkdirat", "mkdtemp", "mmap", "munmap", "nanosleep", "openat",
        "opendir",
        "posix_spawn", "pread", "pthread_create", "pwrite", "readlink", "realpath", "renameat",
        "rmdir", "setenv", "setgid", "setuid", "socket", "symlinkat", "sysconf", "umask", "unlinkat", "usleep",
        "utimensat", "waitpid",
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

    @Test("only Platform calls the kernel: elsewhere the C library only names errors, flags and signals")
    func kernel() {
        let importers = Repository.sources.filter { $0.imports.contains("Glibc") && $0.module != "Platform" }
        for file in importers where file.name != "main.swift" {
            for (index, line) in file.lines.enumerated() {
                for name in calls(in: line) where Self.kernelCalls.contains(name) {
                    Issue.record("\(file.path):\(index + 1) calls \(name)")
                }
            }
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

    /// The names before an opening bracket that are neither members nor declarations.
    private func calls(in line: String) -> [String] {
        let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line[...]
        var names: [String] = []
        var word = ""
        var before: Character = " "
        var isDeclaration = false
        for letter in code {
            if letter.isLetter || letter.isNumber || letter == "_" {
                word.append(letter)
                continue
            }
            if letter == "(", !word.isEmpty, before != ".", !isDeclaration { names.append(word) }
            if !word.isEmpty { isDeclaration = word == "func" }
            word = ""
            before = letter
        }
        return names
    }
}
