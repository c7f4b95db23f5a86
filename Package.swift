// swift-tools-version: 6.2

import PackageDescription

/// Every target of ours is built with these; generated code is not (`generated`).
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]
let generated: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")

let package = Package(
    name: "florin",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "runtime", targets: ["RuntimeCommand"]),
        .executable(name: "drill", targets: ["DrillCommand"]),
        .library(
            name: "FlorinTransport",
            targets: ["TransportCore", "InMemoryTransport", "GRPCTransport"]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle.git",
            from: "2.13.0"
        ),
        .package(
            url: "https://github.com/swift-server/async-http-client.git",
            from: "1.37.0"
        ),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.36.0"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        // The ground: no imports from the floors above, none between the two.
        .target(name: "StrictJSON", swiftSettings: strict),
        .target(name: "Domain", dependencies: ["StrictJSON"], swiftSettings: strict),
        .target(name: "Waiting", swiftSettings: strict),
        .target(name: "CSimulationGuard", path: "Sources/Simulation/CSimulationGuard"),
        .target(
            name: "Simulation",
            dependencies: ["CSimulationGuard"],
            path: "Sources/Simulation",
            exclude: ["CSimulationGuard"],
            swiftSettings: strict
        ),

        // Transport.
        .systemLibrary(
            name: "CNGHTTP2",
            path: "Sources/Transport/CNGHTTP2",
            pkgConfig: "libnghttp2",
            providers: [.apt(["libnghttp2-dev"]), .brew(["nghttp2"])]
        ),
        .systemLibrary(
            name: "CZlib",
            path: "Sources/Transport/CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
        ),
        .systemLibrary(
            name: "COpenSSL",
            path: "Sources/Transport/COpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]
        ),
        .target(
            name: "Identity",
            dependencies: ["COpenSSL", "StrictJSON"],
            path: "Sources/Transport/Identity",
            swiftSettings: strict
        ),
        .target(
            name: "TransportMessages",
            dependencies: [protobuf],
            path: "Sources/Transport/TransportMessages",
            swiftSettings: generated
        ),
        .target(
            name: "TransportCore",
            dependencies: ["Identity", "StrictJSON", "TransportMessages", "Waiting", protobuf],
            path: "Sources/Transport/TransportCore",
            swiftSettings: strict
        ),
        .target(
            name: "InMemoryTransport",
            dependencies: ["TransportCore", "Waiting"],
            path: "Sources/Transport/InMemoryTransport",
            swiftSettings: strict
        ),
        .target(
            name: "Listening",
            dependencies: [.product(name: "NIOCore", package: "swift-nio")],
            path: "Sources/Transport/Listening",
            swiftSettings: strict
        ),
        .target(
            name: "GRPCTransport",
            dependencies: [
                "Identity", "Listening", "TransportCore", "CNGHTTP2", "CZlib",
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ] + nio,
            path: "Sources/Transport/GRPCTransport",
            swiftSettings: strict
        ),

        // Storage.
        .systemLibrary(
            name: "CSQLite",
            path: "Sources/Storage/CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]
        ),
        .target(
            name: "StorageCore",
            dependencies: ["Domain", "Waiting"],
            path: "Sources/Storage/StorageCore",
            swiftSettings: strict
        ),
        .target(
            name: "SQLiteStorage",
            dependencies: ["CSQLite", "Domain", "StorageCore"],
            path: "Sources/Storage/SQLiteStorage",
            swiftSettings: strict
        ),
        .systemLibrary(
            name: "CPostgreSQL",
            path: "Sources/Storage/CPostgreSQL",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .target(
            name: "PostgreSQLStorage",
            dependencies: ["CPostgreSQL", "Domain", "StorageCore"],
            path: "Sources/Storage/PostgreSQLStorage",
            swiftSettings: strict
        ),

        // Runtime.
        .target(
            name: "Console",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Sources/Runtime/Console",
            swiftSettings: strict
        ),
        .target(
            name: "ServiceMessages",
            dependencies: [protobuf],
            path: "Sources/Runtime/ServiceMessages",
            swiftSettings: generated
        ),
        .target(
            name: "Composition",
            dependencies: [
                "Domain", "StorageCore", "SQLiteStorage", "PostgreSQLStorage", "Identity",
                "TransportCore", "InMemoryTransport", "GRPCTransport",
                "ServiceMessages", "Waiting", protobuf, logging,
            ] + nio,
            path: "Sources/Runtime/Composition",
            swiftSettings: strict
        ),
        .target(
            name: "Edge",
            dependencies: [
                "Domain", "Listening", "StrictJSON", "TransportCore", hummingbird, logging,
            ] + nio,
            path: "Sources/Runtime/Edge",
            swiftSettings: strict
        ),
        .target(
            name: "TelemetryMessages",
            dependencies: [protobuf],
            path: "Sources/Runtime/TelemetryMessages",
            swiftSettings: generated
        ),
        .target(
            name: "Telemetry",
            dependencies: [
                "Composition", "Domain", "StrictJSON", "TelemetryMessages", "TransportCore",
                logging, protobuf,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            path: "Sources/Runtime/Telemetry",
            swiftSettings: strict
        ),
        .target(
            name: "LedgerReports",
            dependencies: ["Domain", "StorageCore", "StrictJSON"],
            path: "Sources/Runtime/LedgerReports",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "RuntimeCommand",
            dependencies: [
                "Composition", "Console", "Domain", "Edge", "GRPCTransport", "Identity",
                "InMemoryTransport", "LedgerReports", "Listening", "SQLiteStorage",
                "StorageCore", "StrictJSON", "Telemetry", "TransportCore", logging,
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ] + nio,
            path: "Sources/Runtime/Command",
            swiftSettings: strict
        ),

        // Rehearsal: what a serving process never links.
        .target(
            name: "Scenarios",
            dependencies: ["Domain", .product(name: "Yams", package: "Yams")],
            path: "Sources/Rehearsal/Scenarios",
            swiftSettings: strict
        ),
        .target(name: "Checkers", path: "Sources/Rehearsal/Checkers", swiftSettings: strict),
        .target(
            name: "RunReports",
            dependencies: ["Checkers", "StrictJSON"],
            path: "Sources/Rehearsal/Report",
            resources: [.embedInCode("Page")],
            swiftSettings: strict
        ),
        .target(
            name: "DiskSimulation",
            dependencies: ["CSQLite"],
            path: "Sources/Rehearsal/Disk",
            swiftSettings: strict
        ),
        .target(
            name: "DrillEngine",
            dependencies: [
                "Checkers", "Composition", "Domain", "Identity", "Scenarios", "ServiceMessages",
                "Simulation", "StrictJSON", "TransportCore", protobuf,
            ],
            path: "Sources/Rehearsal/Engine",
            swiftSettings: strict
        ),
        .target(
            name: "SimulatedDrills",
            dependencies: [
                "Checkers", "Composition", "DiskSimulation", "Domain", "DrillEngine", "Identity",
                "InMemoryTransport", "RunReports", "SQLiteStorage", "Scenarios",
                "ServiceMessages", "Simulation", "StorageCore", "StrictJSON", "TransportCore",
                protobuf, logging,
            ],
            path: "Sources/Rehearsal/Simulated",
            swiftSettings: strict
        ),
        .target(
            name: "PlantedBugs",
            dependencies: [
                "Checkers", "Composition", "Domain", "DrillEngine", "Identity", "Scenarios",
                "SimulatedDrills", "TransportCore",
            ],
            path: "Sources/Rehearsal/PlantedBugs",
            swiftSettings: strict
        ),
        .target(
            name: "LiveDrills",
            dependencies: [
                "Checkers", "Composition", "Domain", "DrillEngine", "GRPCTransport", "Identity",
                "Scenarios", "ServiceMessages", "Simulation", "StrictJSON", "TransportCore",
                protobuf, logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ] + nio,
            path: "Sources/Rehearsal/Live",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "DrillCommand",
            dependencies: [
                "Checkers", "Composition", "Console", "DrillEngine", "Identity", "LiveDrills",
                "PlantedBugs", "RunReports", "Scenarios", "SimulatedDrills", "StrictJSON",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Rehearsal/Command",
            swiftSettings: strict
        ),

        // Tests: a folder per target, and what several share.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "WaitingTests", dependencies: ["Waiting"], swiftSettings: strict),
        .testTarget(
            name: "DomainTests",
            dependencies: ["Domain", "StorageCore", "StrictJSON"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "StorageCoreTests",
            dependencies: ["Domain", "StorageCore"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PostgreSQLTestSupport",
            dependencies: ["PostgreSQLStorage"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "JournalConformance",
            dependencies: [
                "DiskSimulation", "Domain", "Identity", "PostgreSQLStorage",
                "PostgreSQLTestSupport", "SQLiteStorage", "StorageCore",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PostgreSQLStorageTests",
            dependencies: [
                "Domain", "Identity", "PostgreSQLStorage", "PostgreSQLTestSupport", "StorageCore",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SQLiteStorageTests",
            dependencies: ["Domain", "SQLiteStorage", "StorageCore"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DiskSimulationTests",
            dependencies: [
                "DiskSimulation", "Domain", "Identity", "Simulation", "SQLiteStorage",
                "StorageCore",
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON"], swiftSettings: strict),
        .testTarget(
            name: "IdentityTests",
            dependencies: ["Identity", "StrictJSON", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TransportCoreTests",
            dependencies: [
                "TransportCore", "TransportMessages", "Identity", "Simulation", protobuf,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ListeningTests",
            dependencies: [
                "Listening", .product(name: "NIOEmbedded", package: "swift-nio"),
            ] + nio,
            swiftSettings: strict
        ),
        .testTarget(
            name: "EdgeTests",
            dependencies: [
                "Edge", "Domain", "Listening", "StrictJSON", hummingbird, logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ] + nio,
            swiftSettings: strict
        ),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation"], swiftSettings: strict),
        .testTarget(
            name: "InMemoryTransportTests",
            dependencies: ["InMemoryTransport", "TransportCore", "Simulation"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "GRPCTransportTests",
            dependencies: [
                "GRPCTransport", "Listening", "TransportCore", "CNGHTTP2", "TestSupport",
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + nio,
            swiftSettings: strict
        ),
        .testTarget(
            name: "TransportConformance",
            dependencies: [
                "TestSupport",
                "InMemoryTransport", "GRPCTransport", "TransportCore", "Identity",
                "TransportMessages", protobuf,
            ] + nio,
            swiftSettings: strict
        ),
        .testTarget(name: "ScenariosTests", dependencies: ["Scenarios"], swiftSettings: strict),
        .testTarget(name: "CheckersTests", dependencies: ["Checkers"], swiftSettings: strict),
        .testTarget(
            name: "DrillEngineTests",
            dependencies: [
                "Checkers", "Composition", "Domain", "DrillEngine", "Identity", "Scenarios",
                "Simulation", "StrictJSON", "TestSupport", "TransportCore",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SimulatedDrillsTests",
            dependencies: [
                "Checkers", "Composition", "Domain", "DrillEngine", "Identity", "InMemoryTransport",
                "Scenarios", "SimulatedDrills", "Simulation", "StorageCore", "StrictJSON",
                "TestSupport",
                "TransportCore",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "DrillCommandTests",
            dependencies: ["DrillCommand"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LiveDrillsTests",
            dependencies: [
                "Checkers", "DrillEngine", "LiveDrills", "Scenarios", "Simulation", "TransportCore",
            ] + nio,
            swiftSettings: strict
        ),
        .testTarget(
            name: "PlantedBugsTests",
            dependencies: ["PlantedBugs", "Scenarios", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RunReportsTests",
            dependencies: ["Checkers", "RunReports", "StrictJSON"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LedgerReportsTests",
            dependencies: ["Domain", "LedgerReports", "StorageCore"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TelemetryTests",
            dependencies: [
                "Telemetry", "TelemetryMessages", "Composition", "InMemoryTransport", "StrictJSON",
                "TransportCore", logging, protobuf,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "Console", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "SourceRulesTests", swiftSettings: strict),
        .testTarget(
            name: "CompositionTests",
            dependencies: [
                "TestSupport", "Composition", "Domain", "StorageCore", "SQLiteStorage", "Identity",
                "StrictJSON",
                "Simulation", "TransportCore",
                "InMemoryTransport",
                "GRPCTransport", "ServiceMessages", "TransportMessages", protobuf, logging,
            ] + nio,
            swiftSettings: strict
        ),
        .testTarget(
            name: "RuntimeCommandTests",
            dependencies: [
                "RuntimeCommand", "Composition", "Identity", "PostgreSQLTestSupport", "StrictJSON",
                "Telemetry", logging,
                .product(name: "SystemPackage", package: "swift-system"),
            ] + nio,
            swiftSettings: strict
        ),
    ]
)
