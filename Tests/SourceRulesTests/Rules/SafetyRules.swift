/// Code that can crash, race or corrupt memory is forbidden or confined to few files.
enum SafetyRules {
    static let all = [traps, unchecked, unsafety]

    private static let traps = Rule(
        name: "nothing traps without a sentence",
        covers: Covered.swift,
        broken: [
            Snippet("Sources/Domain/A.swift", "let a = try! b()"),
            Snippet("Sources/Domain/A.swift", "let a = b as! C"),
            Snippet("Tests/DomainTests/A.swift", "fatalError(\"no\")"),
        ],
        obeyed: [
            Snippet(
                "Sources/Domain/A.swift",
                "let a = try? b() // not try!\nlet c = \"as! D\"\nlet e = b != c"
            ),
            Snippet("Sources/Domain/A.swift", "guard try !self.isOver() else { return }"),
            Snippet(
                "Sources/Domain/A.swift",
                "preconditionFailure(\"A payment id names a capture.\")"
            ),
        ],
        find: { file in
            let remedies = [
                "try !": "throw the error on, or handle it",
                "as !": "cast with `as?` and say what happens otherwise",
                "fatalError":
                    "a bug of ours is a `preconditionFailure` with a sentence; all else is an error",
            ]
            return remedies.keys.sorted().flatMap { pattern in
                file.places(of: pattern).map {
                    Finding(
                        file.tokens[$0].line,
                        "`\(pattern.filter { $0 != " " })`: \(remedies[pattern] ?? "")"
                    )
                }
            }
        }
    )

    private static let unchecked = Rule(
        name: "a promise that the compiler cannot check has its reason beside it",
        covers: Covered.swift,
        broken: [
            Snippet("Sources/Domain/A.swift", "// guarded\nfinal class A: @unchecked Sendable {}"),
            Snippet("Sources/Domain/A.swift", "final class A: B,\n  @unchecked Sendable\n{}"),
            Snippet("Sources/Domain/A.swift", "nonisolated(unsafe) var a = 1"),
            Snippet("Sources/Domain/A.swift", "final class A: @unchecked Sendable {}  //"),
        ],
        obeyed: [
            Snippet(
                "Sources/Domain/A.swift",
                "final class A: @unchecked Sendable {  // only read once made"
            ),
            Snippet(
                "Sources/Domain/A.swift",
                "final class A: B,\n  @unchecked Sendable  // confined to its loop\n{}"
            ),
            Snippet(
                "Sources/Domain/A.swift",
                "final class A:\n  @unchecked Sendable,\n  B\n{  // confined to its loop"
            ),
            Snippet(
                "Sources/Domain/A.swift",
                "nonisolated(unsafe) var a = 1  // set before any thread starts"
            ),
        ],
        find: { file in
            let reasons = Set(
                file.comments.filter { $0.text.split(separator: " ").count > 1 }.map(\.line)
            )
            return ["@ unchecked", "nonisolated ( unsafe )"].flatMap { file.places(of: $0) }
                .compactMap { start in
                    let line = file.tokens[start].line
                    let brace = file.tokens[start...].first { $0.isCode("{") || $0.isCode("=") }
                    let isReasoned = (line...max(line, brace?.line ?? line)).contains(
                        where: reasons.contains
                    )
                    return isReasoned
                        ? nil : Finding(line, "say on this line, in a comment, why it is safe")
                }
        }
    )

    /// The owners of C objects, and the few other files that touch memory.
    private static let owners = [
        "Sources/Runtime/Console/FileDescriptor+Writing.swift",
        "Sources/Rehearsal/Disk/Files/",
        "Sources/Runtime/Command/FileReader.swift",
        "Sources/Runtime/Command/Ledger/WatermarkFile.swift",
        "Sources/Simulation/Guarding/",
        "Sources/Storage/PostgreSQLStorage/PostgreSQL/",
        "Sources/Storage/SQLiteStorage/Files/",
        "Sources/Storage/SQLiteStorage/SQLite/",
        "Sources/Transport/GRPCTransport/Client/NameResolver.swift",
        "Sources/Runtime/Command/DescriptorLimit.swift",
        "Sources/Transport/GRPCTransport/Compression/Gzip.swift",
        "Sources/Transport/GRPCTransport/HTTP2/",
        "Sources/Transport/GRPCTransport/LoopExecutor.swift",
        "Sources/Transport/GRPCTransport/Wire/FieldBytes.swift",
        "Sources/Transport/Identity/OpenSSL/",
        "Tests/GRPCTransportTests/HTTP2/",
        "Tests/GRPCTransportTests/Support/HeaderReader.swift",
        "Tests/GRPCTransportTests/Support/HeldPort.swift",
        "Tests/GRPCTransportTests/Wire/FieldBytes+Fields.swift",
        "Tests/SimulationTests/Support/",
    ]

    private static let unsafety = Rule(
        name: "unsafe code lies with its owners",
        covers: Covered.swift,
        broken: [
            Snippet("Sources/Domain/A.swift", "let a = unsafe b.pointee"),
            Snippet("Sources/Transport/GRPCTransport/Wire/A.swift", "@unsafe func a() {}"),
            Snippet("Tests/DomainTests/A.swift", "unsafe a()"),
        ],
        obeyed: [
            Snippet("Sources/Transport/Identity/OpenSSL/A.swift", "let a = unsafe b.pointee"),
            Snippet(
                "Sources/Domain/A.swift",
                "nonisolated(unsafe) var a = 1\nlet b = \"unsafe\" // unsafe"
            ),
        ],
        find: { file in
            guard !owners.contains(where: file.path.hasPrefix) else { return [] }
            return file.places(of: "unsafe").filter {
                file.token($0 - 2)?.isCode("nonisolated") != true
            }.map {
                Finding(
                    file.tokens[$0].line,
                    "ask an owner for it, or become one in SafetyRules.owners"
                )
            }
        }
    )
}
