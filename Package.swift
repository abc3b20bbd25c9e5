// swift-tools-version: 6.3
import PackageDescription

// The map of the code, compiled: one line of purpose a module, layer by layer.
// A layer uses only the layers below it, and inside a layer only what is declared here.
// `Scripts/check` builds with `--explicit-target-dependency-import-check error`, so the compiler keeps it.

let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

/// Declares one module of a layer.
func module(_ name: String, in layer: String, uses: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: uses, path: "Sources/\(layer)/\(name)", swiftSettings: strict)
}

/// Declares a library that tests share.
func shared(_ name: String, uses: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: uses, path: "Tests/\(name)", swiftSettings: strict)
}

/// Declares the tests of one module; `apart` are files that are no part of it, such as C that a test compiles.
func tests(_ name: String, uses: [Target.Dependency], apart: [String] = []) -> Target {
    .testTarget(name: name, dependencies: uses, path: "Tests/\(name)", exclude: apart, swiftSettings: strict)
}

let package = Package(
    name: "salvor",
    products: [.executable(name: "salvor", targets: ["salvor"])],
    targets: [
        // CLibraries: the C that Swift cannot say, and the libraries of libpq-dev and zlib1g-dev.
        .target(name: "CLinux", path: "Sources/CLibraries/CLinux"),
        .target(name: "CDigest", path: "Sources/CLibraries/CDigest"),
        .systemLibrary(name: "CPostgres", path: "Sources/CLibraries/CPostgres", pkgConfig: "libpq"),
        .systemLibrary(name: "COpenSSL", path: "Sources/CLibraries/COpenSSL", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CZlib", path: "Sources/CLibraries/CZlib", pkgConfig: "zlib"),

        // Base: pure text and numbers; the only module that calls the kernel.
        module("Formats", in: "Base"),
        module("Platform", in: "Base", uses: ["CLinux"]),

        // Engine: entries, repositories, sources, policies, reports. Sources and repositories share entries only.
        module("Entries", in: "Engine", uses: ["Platform"]),
        module("Sealing", in: "Engine", uses: ["Platform", "CDigest", "COpenSSL", "CZlib"]),
        module("Storage", in: "Engine", uses: ["Platform", "Formats"]),
        module("Repositories", in: "Engine", uses: ["Entries", "Sealing", "Storage", "Formats", "Platform"]),
        module(
            "DataSources", in: "Engine", uses: ["Entries", "Sealing", "Formats", "Platform", "CPostgres"]),
        module("Policies", in: "Engine", uses: ["DataSources", "Sealing", "Storage", "Formats", "Platform"]),
        module("Reports", in: "Engine", uses: ["Formats", "Platform"]),

        // Workflows: what a person asks for. Plan, run, outcome.
        module(
            "Backups", in: "Workflows",
            uses: ["Repositories", "DataSources", "Entries", "Sealing", "Storage", "Formats", "Platform"]),
        module(
            "Restores", in: "Workflows",
            uses: ["Repositories", "DataSources", "Entries", "Sealing", "Storage", "Formats", "Platform"]),
        module(
            "Reading", in: "Workflows",
            uses: ["Repositories", "DataSources", "Entries", "Sealing", "Formats", "Platform"]),
        module(
            "Upkeep", in: "Workflows",
            uses: ["Repositories", "Entries", "Sealing", "Storage", "Formats", "Platform"]),
        module(
            "Drills", in: "Workflows",
            uses: [
                "Restores", "Repositories", "DataSources", "Entries", "Policies", "Reports", "Sealing", "Storage",
                "Formats", "Platform",
            ]),

        // Application: words in, words out.
        module(
            "Commands", in: "Application",
            uses: [
                "Backups", "Restores", "Reading", "Upkeep", "Drills", "Repositories", "DataSources", "Entries",
                "Policies", "Reports", "Sealing", "Storage", "Formats", "Platform",
            ]),
        .executableTarget(
            name: "salvor", dependencies: ["Commands"], path: "Sources/Application/salvor", swiftSettings: strict),

        // Tests: what tests share first, then one target a module, then the whole.
        shared("TestDoubles", uses: ["DataSources", "Entries", "Sealing", "Storage", "Formats", "Platform"]),
        shared(
            "ConformanceSuites",
            uses: [
                "TestDoubles", "Drills", "DataSources", "Entries", "Reports", "Sealing", "Storage", "Formats",
                "Platform",
            ]),
        tests("FormatsTests", uses: ["Formats", "Platform", "TestDoubles"]),
        tests("PlatformTests", uses: ["Platform", "TestDoubles"]),
        tests(
            "ReportsTests", uses: ["Reports", "Formats", "Platform", "ConformanceSuites"], apart: ["Readers"]),
        tests(
            "DrillsTests",
            uses: [
                "Drills", "Backups", "Restores", "Repositories", "DataSources", "Entries", "Policies", "Reports",
                "Sealing", "Storage", "Formats", "Platform", "ConformanceSuites", "TestDoubles",
            ]),
        tests("SealingTests", uses: ["COpenSSL", "Sealing", "Formats", "Platform", "TestDoubles"]),
        shared(
            "TestRepositories",
            uses: [
                "Repositories", "DataSources", "Entries", "Sealing", "Storage", "Formats", "Platform", "TestDoubles",
            ]
        ),
        tests(
            "RepositoriesTests",
            uses: [
                "Repositories", "Entries", "Sealing", "Storage", "Formats", "Platform", "TestDoubles",
                "TestRepositories",
            ]),
        tests(
            "BackupsTests",
            uses: [
                "Backups", "Restores", "Upkeep", "Repositories", "DataSources", "Entries", "Sealing", "Storage",
                "Formats",
                "Platform", "TestDoubles", "TestRepositories",
            ]),
        tests(
            "RestoresTests",
            uses: [
                "Restores", "Backups", "Repositories", "DataSources", "Entries", "Sealing", "Storage", "Formats",
                "Platform", "TestDoubles", "TestRepositories",
            ]),
        tests(
            "ReadingTests",
            uses: [
                "Reading", "Backups", "Repositories", "DataSources", "Entries", "Sealing", "Storage", "Formats",
                "Platform", "TestDoubles", "TestRepositories", "CThreadIdentity",
            ]),
        tests(
            "UpkeepTests",
            uses: [
                "Upkeep", "Backups", "Repositories", "DataSources", "Entries", "Sealing", "Storage", "Formats",
                "Platform",
                "TestDoubles", "TestRepositories",
            ]),
        tests(
            "VectorTests",
            uses: [
                "Upkeep", "Restores", "Backups", "Repositories", "DataSources", "Entries", "Sealing", "Storage",
                "Formats",
                "Platform", "TestDoubles", "TestRepositories",
            ]),
        tests("TidyTests", uses: ["Platform"]),
        .target(name: "CThreadIdentity", path: "Tests/CThreadIdentity"),
        tests(
            "DataSourcesTests",
            uses: [
                "DataSources", "Entries", "Sealing", "Formats", "Platform", "ConformanceSuites", "TestDoubles",
                "CThreadIdentity",
            ]),
        tests(
            "EndToEndTests", uses: ["salvor", "DataSources", "Formats", "Platform", "TestDoubles"],
            apart: ["faults", "product", "shop.sql", "Postgres/torture"]),
        tests("PoliciesTests", uses: ["Policies", "Formats", "Platform", "TestDoubles"], apart: ["invalid"]),
        tests("StorageTests", uses: ["Storage", "Platform", "ConformanceSuites", "TestDoubles"]),
        tests(
            "CommandsTests",
            uses: [
                "Commands", "Drills", "Repositories", "DataSources", "Entries", "Policies", "Reports", "Sealing",
                "Storage", "Formats", "Platform", "TestDoubles",
            ],
            apart: ["Completion/complete.zsh", "Pings/watcher.py"]),
    ],
    swiftLanguageModes: [.v6]
)
