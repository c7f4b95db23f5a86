import PostgreSQLTestSupport
import Testing

@Suite("Whether every engine is there")
struct PresenceTests {
    @Test(
        "PostgreSQL is among the engines",
        .enabled(if: TestServer.isThere, "\(TestServer.absence)")
    )
    func presence() {
        #expect(JournalKind.allCases.contains(.postgresql))
        #expect(JournalKind.durable.contains(.postgresql))
    }
}
