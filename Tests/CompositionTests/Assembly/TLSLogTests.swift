import GRPCTransport
import Logging
import Testing
import TransportCore

@testable import Composition

@Suite("The log of failed TLS connections")
struct TLSLogTests {
    private let log = TLSLog(
        Timeline(ContinuousClock()),
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )

    private func due(_ reason: String, _ side: TLSFailure.Side, at second: Int64) -> Int? {
        self.log.due(
            TLSFailure(side: side, peer: "10.0.0.7:1", reason: reason),
            at: Timeline.Instant(nanoseconds: second * 1_000_000_000)
        )
    }

    @Test("each reason is logged once in 30 seconds, and the next line counts those between")
    func rate() {
        #expect(self.due("expired", .server, at: 0) == 0)
        #expect(self.due("expired", .server, at: 1) == nil)
        #expect(self.due("expired", .server, at: 29) == nil)
        #expect(self.due("stranger", .server, at: 29) == 0)
        #expect(self.due("expired", .client, at: 29) == 0)
        #expect(self.due("expired", .server, at: 30) == 2)
        #expect(self.due("expired", .server, at: 31) == nil)
    }

    @Test("the number of tracked reasons is bounded")
    func bounded() {
        for number in 0..<TLSLog.reasonsMax {
            #expect(self.due("reason \(number)", .server, at: 0) == 0)
        }
        #expect(self.due("one more", .server, at: 29) == nil)
        #expect(self.due("one more", .server, at: 30) == 0)
    }
}
