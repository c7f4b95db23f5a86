import Testing

@testable import Composition

@Suite("The configured store of the ledger")
struct LedgerStoreTests {
    private static let url = "postgres://florin:sesame@db.example/florin"

    private static func read(_ values: [String: String]) throws(ConfigurationProblem) -> LedgerStore
    {
        try LedgerStore(Variables(values) { $0 == "/url" ? Array("\(self.url)\n".utf8) : nil })
    }

    @Test("a folder, a database, or a file with its URL is accepted")
    func places() throws {
        #expect(try Self.read(["LEDGER_DATA": "/a"]) == .folder("/a"))
        #expect(try Self.read(["LEDGER_DATA": "temporary"]) == .temporary)
        for values in [["DATABASE_URL": Self.url], ["DATABASE_URL_FILE": "/url"]] {
            let store = try Self.read(values)
            #expect(store == .database(try DatabaseURL(Self.url)))
            #expect(!"\(store)".contains("sesame"))
        }
    }

    @Test(
        "a missing, doubled or malformed setting is refused without showing a password",
        arguments: [
            [:], ["DATABASE_URL": url, "LEDGER_DATA": "/a"],
            ["DATABASE_URL_FILE": "/url", "LEDGER_DATA": "/a"],
            ["DATABASE_URL": "mysql://florin:sesame@db.example/florin"],
        ]
    )
    func faults(_ values: [String: String]) {
        let problem = #expect(throws: ConfigurationProblem.self) { try Self.read(values) }
        #expect(problem?.description.contains("sesame") == false)
    }

    @Test("a watermark requires a database")
    func watermark() throws {
        let database = ["DATABASE_URL": Self.url, "LEDGER_WATERMARK": "/w"]
        let read = { (values: [String: String]) throws(ConfigurationProblem) -> String? in
            try LedgerStore.watermark(Variables(values) { _ in nil })
        }
        #expect(try read(database) == "/w")
        #expect(try read(["DATABASE_URL": Self.url]) == nil)
        #expect(throws: ConfigurationProblem.self) {
            try read(["LEDGER_DATA": "/a", "LEDGER_WATERMARK": "/w"])
        }
    }
}
