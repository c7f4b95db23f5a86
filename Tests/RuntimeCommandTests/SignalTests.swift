import Foundation
import Testing

@Suite("Signals that end runtime", .timeLimit(.minutes(10)))
struct SignalTests {
    @Test(
        "a serving process drains, and deletes the temporary store of a trial",
        arguments: [SIGHUP, SIGINT, SIGTERM]
    )
    func drains(_ signal: Int32) async throws {
        try await Scratch.with { folder in
            let environment = Deployment.with(["TMPDIR": folder, "LEDGER_DATA": ""])
            try await withRuntime(["--transport", "memory", "--dev"], environment) { process in
                let port = try await process.port(after: "gateway serves HTTP")
                try await Customer.expectPayment(port, try await Customer.token())
                #expect(try Scratch.names(in: folder).contains { $0.hasPrefix("florin-") })
                process.send(signal)
                #expect(try await process.exitCode() == 0)
                #expect(try Scratch.names(in: folder) == [])
            }
        }
    }

    @Test("a closing terminal does not end a process started by nohup")
    func nohup() async throws {
        let arguments = ["--transport", "memory"]
        let shell = #"trap '' HUP; exec "$0" "$@""#
        try await withRuntime(arguments, Deployment.environment, shell: shell) { process in
            let port = try await process.port(after: "gateway serves HTTP")
            process.send(SIGHUP)
            try await Customer.expectPayment(port, try await Customer.token())
            try await process.stop()
        }
    }

    @Test("a backup without room leaves no file that looks like a journal")
    func backupWithoutRoom() async throws {
        // The copied files exceed SQLite's index of the log, which has 32 KiB.
        try await Scratch.withBooks(more: 100) { books in
            let copy = "\(books)-copy"
            let ending = try await Ending.of(
                all: ["ledger", "backup", "--data", books, "--to", copy],
                shell: #"trap '' XFSZ; ulimit -f 72; exec "$0" "$@""#
            )
            #expect(ending.code == 74, "\(ending)")
            #expect(
                ending.errors.contains("the books cannot be copied: \(copy)/unfinished/ledger.db")
            )
            #expect(!FileManager.default.fileExists(atPath: copy))
            let again = try await Ending.of("ledger", "backup", "--data", books, "--to", copy)
            #expect(again.code == 0, "\(again)")
            let restored = try await Ending.of("ledger", "verify", "--data", copy)
            #expect(restored.code == 0, "\(restored)")
        }
    }
}
