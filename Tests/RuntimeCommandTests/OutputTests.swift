import Foundation
import Testing

@Suite("What runtime prints", .timeLimit(.minutes(10)))
struct OutputTests {
    private static let ontoFullDisk = #"exec "$0" "$@" > /dev/full"#
    private static let lookingIn = [
        ["export"], ["export", "--format", "hledger"], ["entries"], ["balances"], ["verify"],
    ]

    @Test("a journal export cut short by a full disk is an error, EX_IOERR of sysexits.h")
    func fullDisk() async throws {
        try await Scratch.withBooks { books in
            for command in Self.lookingIn {
                let ending = try await Ending.of(
                    all: ["ledger"] + command + ["--data", books],
                    shell: Self.ontoFullDisk
                )
                #expect(ending.code == 74, "\(command): \(ending)")
                let reason = "runtime: cannot write standard output: No space left on device"
                #expect(ending.errors.hasPrefix(reason), "\(command): \(ending)")
            }
            let settlement = "\(books)/settlement.csv"
            try Data("reference,amount,currency\nx,1,EUR\n".utf8)
                .write(to: URL(fileURLWithPath: settlement))
            let reconciled = try await Ending.of(
                all: ["ledger", "reconcile", "--data", books, "--settlement", settlement],
                shell: Self.ontoFullDisk
            )
            #expect(reconciled.code == 74, "\(reconciled)")
            #expect(!reconciled.errors.contains("agree"))
        }
    }

    @Test(
        "tokens, help and versions on a full disk are errors, too",
        arguments: [
            ["token", "--subject", "alice"], ["--help"], ["--version"], ["ledger", "--help"],
        ]
    )
    func others(_ arguments: [String]) async throws {
        let ending = try await Ending.of(
            all: arguments,
            environment: Deployment.environment,
            shell: Self.ontoFullDisk
        )
        #expect(ending.code == 74, "\(ending)")
    }

    @Test("the health of a service or gateway on a full disk is an error, too")
    func health() async throws {
        try await withRuntime(["--service", "ledger"], Deployment.environment) { process in
            let port = try await process.port(after: "ledger serves gRPC")
            let http = try await process.port(after: "ledger serves /health")
            for way in [
                ["--target", "127.0.0.1:\(port)"], ["--url", "http://127.0.0.1:\(http)/health"],
            ] {
                let ending = try await Ending.of(all: ["health"] + way, shell: Self.ontoFullDisk)
                #expect(ending.code == 74, "\(way): \(ending)")
            }
            try await process.stop()
        }
    }

    @Test("a closed pipe exits with 1 and a message, as in coreutils")
    func closedPipe() async throws {
        try await Scratch.with { folder in
            let ending = try await Ending.of(
                all: ["token", "--subject", "alice"],
                environment: Deployment.with(["FIFO": "\(folder)/fifo"]),
                shell: #"""
                    trap '' PIPE
                    mkfifo "$FIFO" || exit 9
                    # Both ends are open at once, and then only the one that is written to.
                    exec 6<>"$FIFO" 5>"$FIFO" 6<&-
                    exec "$0" "$@" >&5
                    """#
            )
            #expect(ending.code == 1, "\(ending)")
            #expect(ending.errors.hasPrefix("runtime: cannot write standard output: Broken pipe"))
        }
    }

    @Test(
        "a standard output closed from the start is an error, and no other file receives the output"
    )
    func closedFromTheStart() async throws {
        try await Scratch.withBooks { books in
            let ending = try await Ending.of(
                all: ["ledger", "verify", "--data", books],
                shell: #"exec "$0" "$@" >&-"#
            )
            #expect(ending.code == 74, "\(ending)")
            let verified = try await Ending.of("ledger", "verify", "--data", books)
            #expect(verified.code == 0, "\(verified)")
        }
    }

    @Test("an error message that cannot be written leaves the exit code unchanged")
    func fullErrors() async throws {
        let ending = try await Ending.of(
            all: ["ledger", "verify", "--data", "/nowhere/books"],
            shell: #"exec "$0" "$@" 2> /dev/full"#
        )
        #expect(ending.code == 66, "\(ending)")
    }
}
