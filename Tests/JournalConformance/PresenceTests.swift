import PostgreSQLTestSupport
import Testing

@Suite("The engines under test")
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
