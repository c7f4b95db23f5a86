import Domain
import PostgreSQLTestSupport
import StorageCore
import Testing

@testable import PostgreSQLStorage

@Suite("Connecting to one of several servers")
struct ConnectingTests {
    @Test(
        "the search path is found among the server options",
        arguments: [
            ("-csearch_path=a", "a"), ("-c search_path=a,b -c jit=off", "a,b"),
            ("--search-path=a", "a"), ("-cjit=off", nil), ("", nil), ("-c", nil),
            (#"-csearch_path=a,\ b\\c"#, #"a, b\c"#), ("-csearch_path=a -cSEARCH_PATH=b", "b"),
        ]
    )
    func searchPath(_ options: String, _ path: String?) {
        #expect(ServerOptions.searchPath(in: options) == path)
    }

    private static let lists: [(String, [String])] = [
        ("a:1,b:2/d", ["a  1", "b  2"]), ("a,b/d?port=7", ["a  7", "b  7"]),
        ("/d?host=a,b&hostaddr=1.1.1.1,2.2.2.2&port=7", ["a 1.1.1.1 7", "b 2.2.2.2 7"]),
        ("/d?hostaddr=1.1.1.1&port=7", [" 1.1.1.1 7"]), ("[::1]:7/d", ["::1  7"]),
        ("/d?host=/run,b&port=7,8", ["/run  7", "b  8"]),
    ]

    @Test("the servers of a URL are those that libpq finds", arguments: 0..<lists.count)
    func hosts(_ index: Int) throws {
        let (url, servers) = Self.lists[index]
        let found = try PostgreSQLAddress("postgresql://\(url)").servers
        #expect(found.map { "\($0.host) \($0.address) \($0.port)" } == servers)
    }

    @Test(
        "lists of different lengths are refused",
        arguments: ["a,b,c/d?port=1,2", "a,b/d?hostaddr=1.1.1.1"]
    )
    func lengths(_ url: String) {
        #expect(throws: PostgreSQLError.self) { try PostgreSQLAddress("postgresql://\(url)") }
    }

    @Test(
        "the timeout of a server comes from the URL",
        arguments: [("7", 7_000), ("1", 2_000), ("0", 5_000), ("x", 5_000)]
    )
    func connectTimeout(_ seconds: String, _ milliseconds: Int) throws {
        let address = try PostgreSQLAddress("postgresql://h/d?connect_timeout=\(seconds)")
        #expect(address.connectMilliseconds == milliseconds)
    }

    @Test(
        "servers that accept no writes are refused with a reason",
        arguments: ["standby", "read-only", "prefer-standby"]
    )
    func targets(_ target: String) throws {
        let url = "postgresql://a,b/d?target_session_attrs=\(target)"
        let error = #expect(throws: JournalOpenError.self) {
            try Replicas.engine(url).openWriter()
        }
        guard case .refused(let reason) = error else {
            Issue.record("it is not refused: \(error as Any)")
            return
        }
        #expect(reason.contains("a ledger wants read-write"), "\(reason)")
    }

    @Test("a name stands for all its addresses, and a name without addresses for no server")
    func names() throws {
        let servers = try PostgreSQLAddress("postgresql://a,b,c:7/d?port=5").servers
        let directory = ServerDirectory()
        directory.found(["1.1.1.1", "2.2.2.2"], of: "a")
        directory.found([], of: "a")
        directory.found([], of: "b")
        let found = directory.addresses(of: servers)
        #expect(found.map { "\($0.host) \($0.address)" } == ["a 1.1.1.1", "a 2.2.2.2", "c "])
    }

    /// Runs `body` with a folder whose socket accepts connections and stays silent.
    private func withSilentServer(_ body: (String) async throws -> Void) async throws {
        try await ScratchFolder.with { folder in
            let program = """
                import socket, sys
                s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1] + "/.s.PGSQL.5432"); s.listen(64)
                print("listening", flush=True); sys.stdin.read()
                """
            let process = try TestProcess("/usr/bin/python3", ["-c", program, folder])
            defer { process.end() }
            #expect(process.firstLine() == "listening")
            try await body(folder)
        }
    }

    @Test(
        "a silent first server delays nothing",
        .enabled(if: TestServer.isThere, "\(TestServer.absence)")
    )
    func silentFirst() async throws {
        try await self.withSilentServer { silent in
            try await ScratchSchema.with { schema in
                let url = schema.url.replacing("host=", with: "host=\(silent),")
                // Longer than any test.
                let engine = Replicas.engine("\(url)&connect_timeout=600")
                let writer = try engine.openWriter()
                let write = JournalWrite.capture(try Fixture.capture())
                #expect(try writer.commit([write])[0].get().recorded?.sequence == 1)
                let reader = try engine.openReader()
                #expect(try reader.entries(after: 0, limit: 9).map(\.entry.id) == ["pay_1"])
            }
        }
    }

    @Test("connecting to silent servers only ends with an error")
    func allSilent() async throws {
        try await self.withSilentServer { silent in
            let url = "postgresql://u@/d?host=\(silent),\(silent)&connect_timeout=2"
            let error = #expect(throws: JournalOpenError.self) {
                try Replicas.engine(url).openWriter()
            }
            guard case .unavailable(let reason) = error else {
                Issue.record("it is not unavailable: \(error as Any)")
                return
            }
            #expect(reason.contains("no answer from the server at \"\(silent)\""), "\(reason)")
        }
    }
}
