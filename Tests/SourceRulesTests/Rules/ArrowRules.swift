/// Imports point down only.
enum ArrowRules {
    static let all = [imports, floors, package]

    private static let imports = Rule(
        name: "a module imports only what its arrows allow",
        covers: Covered.sources,
        broken: [
            Snippet("Sources/Domain/A.swift", "import Foundation"),
            Snippet("Sources/Domain/A.swift", "internal import TransportCore"),
            Snippet("Sources/Simulation/A.swift", "import Domain"),
            Snippet("Sources/Transport/TransportCore/A.swift", "package import NIOCore"),
            Snippet("Sources/Transport/TransportCore/A.swift", "import COpenSSL"),
            Snippet(
                "Sources/Transport/InMemoryTransport/A.swift",
                "import struct NIOCore.ByteBuffer"
            ),
            Snippet("Sources/Transport/Identity/A.swift", "import CNGHTTP2"),
            Snippet("Sources/Runtime/Edge/A.swift", "@preconcurrency import GRPCTransport"),
            Snippet("Sources/Elsewhere/A.swift", "import Domain"),
        ],
        obeyed: [
            Snippet(
                "Sources/Domain/A.swift",
                "// import Foundation\nlet a = \"import Foundation\""
            ),
            Snippet(
                "Sources/Transport/GRPCTransport/A.swift",
                "import CNGHTTP2\npublic import NIOCore"
            ),
            Snippet("Sources/Transport/Identity/A.swift", "internal import COpenSSL"),
            Snippet(
                "Sources/Runtime/Edge/A.swift",
                "package import Domain\nimport HummingbirdCore"
            ),
        ],
        find: { file in
            guard let module = ArrowTable.module(of: file.path),
                let arrows = ArrowTable.modules[module]
            else {
                return [
                    Finding(1, "belongs to no module of ArrowTable: add the module with its arrows")
                ]
            }
            return importedModules(of: file).filter {
                !arrows.ours.contains($0.text) && !arrows.others.contains($0.text)
            }.map {
                Finding($0.line, "\(module) may not import \($0.text) (ArrowTable has its arrows)")
            }
        }
    )

    private static let floors = Rule(
        name: "a module imports its own floor and floors below",
        covers: Covered.sources,
        broken: [
            Snippet("Sources/Runtime/Composition/A.swift", "import Scenarios"),
            Snippet("Sources/Runtime/Command/A.swift", "package import SimulatedDrills"),
            Snippet("Sources/Runtime/Edge/A.swift", "import Simulation"),
            Snippet("Sources/Storage/StorageCore/A.swift", "import TransportCore"),
            Snippet("Sources/Transport/Identity/A.swift", "import Domain"),
            Snippet("Sources/Rehearsal/Checkers/A.swift", "import TestSupport"),
            Snippet("Sources/Attic/A.swift", "import Checkers"),
        ],
        obeyed: [
            Snippet("Sources/Rehearsal/Live/A.swift", "import SimulatedDrills\nimport Composition"),
            Snippet("Sources/Rehearsal/Live/A.swift", "import Simulation\nimport NIOCore"),
            Snippet("Sources/Runtime/Edge/A.swift", "import Domain\nimport Listening"),
            Snippet("Sources/Domain/A.swift", "let a = \"import Scenarios\" // import Scenarios"),
        ],
        find: { file in
            let floor = file.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            let allowed = (ArrowTable.floors[floor] ?? []).union([floor])
            return importedModules(of: file).compactMap { module in
                guard let its = ArrowTable.floor(of: module.text), !allowed.contains(its) else {
                    return nil
                }
                return Finding(
                    module.line,
                    "\(floor) may not import \(module.text) of \(its) (ArrowTable.floors)"
                )
            }
        }
    )

    private static let package = Rule(
        name: "Package.swift draws no other arrows",
        covers: { $0 == "Package.swift" },
        broken: [
            Snippet("Package.swift", #".target(name: "Domain", dependencies: ["Simulation"])"#),
            Snippet(
                "Package.swift",
                #".executableTarget(name: "Edge", dependencies: [a, "StorageCore"] + b)"#
            ),
            Snippet("Package.swift", #".target(name: "Elsewhere", dependencies: ["Domain"])"#),
        ],
        obeyed: [
            Snippet("Package.swift", #".target(name: "StorageCore", dependencies: ["Domain"])"#),
            Snippet("Package.swift", #".target(name: "Domain", swiftSettings: strict)"#),
            Snippet(
                "Package.swift",
                #".testTarget(name: "DomainTests", dependencies: ["StorageCore"])"#
            ),
        ],
        find: { file in
            ["target", "executableTarget"].flatMap { file.places(of: ". \($0) (") }.sorted().flatMap
            {
                findings(inTarget: $0 + 2, of: file)
            }
        }
    )

    private static func importedModules(of file: SourceFile) -> [Token] {
        let kinds: Set<String> = [
            "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
        ]
        return file.places(of: "import").compactMap { index in
            let isKind = file.token(index + 1).map { kinds.contains($0.text) } ?? false
            return file.token(index + (isKind ? 2 : 1))
        }
    }

    /// The violations of the target whose parenthesis opens at `opening`.
    private static func findings(inTarget opening: Int, of file: SourceFile) -> [Finding] {
        let tokens = Array(file.tokens[opening...file.closing(opening)])
        let strings = tokens.filter { $0.kind == .string }
        guard let target = strings.first else { return [] }
        guard let arrows = ArrowTable.modules[target.text] else {
            return [
                Finding(target.line, "\(target.text) is not in ArrowTable: add it with its arrows")
            ]
        }
        return strings.dropFirst().filter {
            ArrowTable.ours.contains($0.text) && !arrows.ours.contains($0.text)
        }
        .map {
            Finding(
                $0.line,
                "\(target.text) may not depend on \($0.text) (ArrowTable has its arrows)"
            )
        }
    }
}
