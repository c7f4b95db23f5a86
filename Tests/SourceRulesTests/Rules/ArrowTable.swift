/// The permitted imports of each module: the floors of docs/ARCHITECTURE.md.
///
/// A module that is not listed may import nothing; a new module needs an entry.
enum ArrowTable {
    struct Arrows {
        let folder: String
        let ours: Set<String>
        let others: Set<String>
    }

    static let modules: [String: Arrows] = [
        // The ground: pure Swift.
        "StrictJSON": Arrows(folder: "StrictJSON", ours: [], others: []),
        "Domain": Arrows(folder: "Domain", ours: ["StrictJSON"], others: []),
        "Waiting": Arrows(folder: "Waiting", ours: [], others: ["Synchronization"]),
        "CSimulationGuard": Arrows(folder: "Simulation/CSimulationGuard", ours: [], others: []),
        "Simulation": Arrows(
            folder: "Simulation",
            ours: ["CSimulationGuard"],
            others: ["Synchronization", "_Concurrency"]
        ),

        // Parts that several test targets share.
        "TestSupport": Arrows(
            folder: "../Tests/TestSupport",
            ours: [],
            others: ["Synchronization"]
        ),
        "PostgreSQLTestSupport": Arrows(
            folder: "../Tests/PostgreSQLTestSupport",
            ours: ["PostgreSQLStorage"],
            others: ["Foundation"]
        ),

        // Transport.
        "Identity": Arrows(
            folder: "Transport/Identity",
            ours: ["COpenSSL", "StrictJSON"],
            others: ["Synchronization"]
        ),
        "TransportMessages": Arrows(
            folder: "Transport/TransportMessages",
            ours: [],
            others: ["Foundation", "FoundationEssentials", "SwiftProtobuf"]
        ),
        "TransportCore": Arrows(
            folder: "Transport/TransportCore",
            ours: ["Identity", "StrictJSON", "TransportMessages", "Waiting"],
            others: ["SwiftProtobuf", "Synchronization"]
        ),
        "InMemoryTransport": Arrows(
            folder: "Transport/InMemoryTransport",
            ours: ["TransportCore", "Waiting"],
            others: ["Synchronization"]
        ),
        "Listening": Arrows(
            folder: "Transport/Listening",
            ours: [],
            others: ["Darwin", "Glibc", "NIOCore", "Synchronization"]
        ),
        "GRPCTransport": Arrows(
            folder: "Transport/GRPCTransport",
            ours: ["CNGHTTP2", "CZlib", "Identity", "Listening", "TransportCore"],
            others: [
                "Darwin", "Glibc", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "Synchronization",
            ]
        ),

        // Storage.
        "StorageCore": Arrows(
            folder: "Storage/StorageCore",
            ours: ["Domain", "Waiting"],
            others: ["Synchronization"]
        ),
        "SQLiteStorage": Arrows(
            folder: "Storage/SQLiteStorage",
            ours: ["CSQLite", "Domain", "StorageCore"],
            others: ["Synchronization"]
        ),
        "PostgreSQLStorage": Arrows(
            folder: "Storage/PostgreSQLStorage",
            ours: ["CPostgreSQL", "Domain", "StorageCore"],
            others: ["Darwin", "Glibc", "Synchronization"]
        ),

        // Runtime.
        "Console": Arrows(
            folder: "Runtime/Console",
            ours: [],
            others: [
                "ArgumentParser", "Darwin", "Dispatch", "Foundation", "FoundationEssentials",
                "Glibc",
                "Synchronization", "SystemPackage",
            ]
        ),
        "ServiceMessages": Arrows(
            folder: "Runtime/ServiceMessages",
            ours: [],
            others: ["SwiftProtobuf"]
        ),
        "Composition": Arrows(
            folder: "Runtime/Composition",
            ours: [
                "Domain", "GRPCTransport", "Identity", "InMemoryTransport", "PostgreSQLStorage",
                "SQLiteStorage", "ServiceMessages", "StorageCore", "TransportCore", "Waiting",
            ],
            others: [
                "Foundation", "FoundationEssentials", "Logging", "NIOCore", "NIOPosix",
                "SwiftProtobuf", "Synchronization",
            ]
        ),
        "Edge": Arrows(
            folder: "Runtime/Edge",
            ours: ["Domain", "Listening", "StrictJSON", "TransportCore"],
            others: [
                "HTTPTypes", "HummingbirdCore", "Logging", "NIOCore", "NIOHTTP1",
                "NIOHTTPTypes", "NIOHTTPTypesHTTP1", "NIOPosix", "ServiceLifecycle",
            ]
        ),
        // Rehearsal: only `drill` and tests link it, no serving process.
        "Scenarios": Arrows(
            folder: "Rehearsal/Scenarios",
            ours: ["Domain"],
            others: ["Yams"]
        ),
        "Checkers": Arrows(folder: "Rehearsal/Checkers", ours: [], others: []),
        "RunReports": Arrows(
            folder: "Rehearsal/Report",
            ours: ["Checkers", "StrictJSON"],
            others: []
        ),
        "DiskSimulation": Arrows(
            folder: "Rehearsal/Disk",
            ours: ["CSQLite"],
            others: ["Glibc", "Synchronization"]
        ),
        "DrillEngine": Arrows(
            folder: "Rehearsal/Engine",
            ours: [
                "Checkers", "Composition", "Domain", "Identity", "Scenarios", "ServiceMessages",
                "Simulation", "StrictJSON", "TransportCore",
            ],
            others: ["SwiftProtobuf", "Synchronization"]
        ),
        "SimulatedDrills": Arrows(
            folder: "Rehearsal/Simulated",
            ours: [
                "Checkers", "Composition", "DiskSimulation", "Domain", "DrillEngine", "Identity",
                "InMemoryTransport", "RunReports", "SQLiteStorage", "Scenarios",
                "ServiceMessages", "Simulation", "StorageCore", "StrictJSON", "TransportCore",
            ],
            others: ["Logging", "SwiftProtobuf", "Synchronization"]
        ),
        "PlantedBugs": Arrows(
            folder: "Rehearsal/PlantedBugs",
            ours: [
                "Checkers", "Composition", "Domain", "DrillEngine", "Identity", "Scenarios",
                "SimulatedDrills", "TransportCore",
            ],
            others: ["Synchronization"]
        ),
        "LiveDrills": Arrows(
            folder: "Rehearsal/Live",
            ours: [
                "Checkers", "Composition", "Domain", "DrillEngine", "GRPCTransport", "Identity",
                "Scenarios", "ServiceMessages", "Simulation", "StrictJSON", "TransportCore",
            ],
            others: [
                "AsyncHTTPClient", "Foundation", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix",
                "SwiftProtobuf", "Synchronization",
            ]
        ),
        "DrillCommand": Arrows(
            folder: "Rehearsal/Command",
            ours: [
                "Checkers", "Composition", "Console", "DrillEngine", "Identity", "LiveDrills",
                "PlantedBugs", "RunReports", "Scenarios", "SimulatedDrills", "StrictJSON",
            ],
            others: ["ArgumentParser", "Foundation", "Synchronization"]
        ),
        "Telemetry": Arrows(
            folder: "Runtime/Telemetry",
            ours: ["Composition", "Domain", "StrictJSON", "TelemetryMessages", "TransportCore"],
            others: [
                "CoreMetrics", "Foundation", "FoundationEssentials", "Instrumentation", "Logging",
                "ServiceContextModule",
                "SwiftProtobuf", "Synchronization", "Tracing",
            ]
        ),
        "TelemetryMessages": Arrows(
            folder: "Runtime/TelemetryMessages",
            ours: [],
            others: ["Foundation", "FoundationEssentials", "SwiftProtobuf"]
        ),
        "LedgerReports": Arrows(
            folder: "Runtime/LedgerReports",
            ours: ["Domain", "StorageCore", "StrictJSON"],
            others: []
        ),
        "RuntimeCommand": Arrows(
            folder: "Runtime/Command",
            ours: [
                "Composition", "Console", "Domain", "Edge", "GRPCTransport", "Identity",
                "InMemoryTransport", "LedgerReports", "Listening",
                "SQLiteStorage", "StorageCore", "StrictJSON", "Telemetry", "TransportCore",
            ],
            others: [
                "ArgumentParser", "AsyncHTTPClient", "Darwin", "Foundation", "FoundationEssentials",
                "Glibc", "Logging", "Tracing",
                "NIOCore", "NIOHTTP1", "NIOPosix", "ServiceLifecycle", "Synchronization",
                "SystemPackage", "UnixSignals",
            ]
        ),
    ]

    /// Modules without Swift code: a header and a module map.
    static let systemLibraries: Set<String> = [
        "CNGHTTP2", "COpenSSL", "CPostgreSQL", "CSQLite", "CZlib",
    ]

    static let ours = Set(modules.keys).union(systemLibraries)

    /// The folders of Sources, each with the folders that its modules may import.
    static let floors: [String: Set<String>] = [
        "StrictJSON": [],
        "Waiting": [],
        "Simulation": [],
        "Domain": ["StrictJSON"],
        "Transport": ["StrictJSON", "Waiting"],
        "Storage": ["Domain", "Waiting"],
        "Runtime": ["Domain", "Storage", "StrictJSON", "Transport", "Waiting"],
        "Rehearsal": [
            "Domain", "Runtime", "Simulation", "Storage", "StrictJSON", "Transport", "Waiting",
        ],
    ]

    /// The folder of one of our modules; nil for a system library, whose single importer lists it.
    static func floor(of module: String) -> String? {
        self.modules[module]?.folder.split(separator: "/").first.map(String.init)
    }

    /// The module of a file under Sources.
    static func module(of path: String) -> String? {
        self.modules.first { path.hasPrefix("Sources/\($0.value.folder)/") }?.key
    }
}
