import Testing

@testable import GRPCTransport

@Suite("The wait between attempts to connect")
struct ConnectionBackoffTests {
    private let backoff = ConnectionBackoff()

    @Test(
        "grows by 1.6 from one second to two minutes",
        arguments: [
            (1, 1.0), (2, 1.6), (3, 2.56), (4, 4.096), (11, 109.95), (12, 120), (1_000_000, 120),
        ]
    )
    func grows(failures: Int, seconds: Double) {
        #expect(abs(self.seconds(failures, draw: 0.5) - seconds) < 0.01)
    }

    @Test("varies by ±20 %")
    func jitter() {
        #expect(abs(self.seconds(1, draw: 0) - 0.8) < 0.001)
        #expect(abs(self.seconds(1, draw: 1) - 1.2) < 0.001)
    }

    @Test("a first wait over the limit is the limit")
    func firstOverLimit() {
        var backoff = ConnectionBackoff()
        backoff.initial = .seconds(300)
        #expect(backoff.delay(failures: 1, draw: 0.5) == .seconds(120))
    }

    private func seconds(_ failures: Int, draw: Double) -> Double {
        self.backoff.delay(failures: failures, draw: draw) / .seconds(1)
    }
}
