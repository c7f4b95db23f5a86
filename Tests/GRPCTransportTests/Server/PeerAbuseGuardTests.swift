import Testing
import TransportCore

@testable import GRPCTransport

@Suite("A client's conduct")
final class PeerAbuseGuardTests {
    private var abuseGuard = PeerAbuseGuard(now: at(0))

    @Test("the third ping that comes too soon ends the connection")
    func tooManyPings() {
        for second: Int64 in 0..<3 { #expect(self.ping(at: second) == .fine) }
        #expect(self.ping(at: 3) == .over(.enhanceYourCalm, debug: "too_many_pings"))
    }

    @Test("pings at the rate of Florin's clients are allowed, even bunched by the network")
    func pingsOfClients() {
        for count: Int64 in 0..<1_000 { #expect(self.ping(at: count * 5) == .fine) }
        for count: Int64 in 1_000..<2_000 {
            #expect(self.ping(at: count * 5 - count % 2 * 2) == .fine)
        }
    }

    @Test("frames that we send forgive earlier pings")
    func forgiveness() {
        for second: Int64 in 0..<100 {
            #expect(self.ping(at: second, usefulSent: 1) == .fine)
        }
        for second: Int64 in 100..<102 { #expect(self.ping(at: second) == .fine) }
        _ = self.abuseGuard.framesCame(FrameCounts(useful: 1), now: at(103))
        for second: Int64 in 104..<107 { #expect(self.ping(at: second) == .fine) }
        #expect(self.ping(at: 107) != .fine)
    }

    @Test("a flood exceeds the budget")
    func flood() {
        let verdict = self.abuseGuard.framesCame(FrameCounts(idle: 2_001), now: at(0))
        #expect(verdict == .over(.enhanceYourCalm, debug: "too many frames without a call"))
    }

    @Test("a peer without SETTINGS when patience ends is too slow")
    func noSettings() {
        #expect(
            self.abuseGuard.patienceEnded(isInHeaderBlock: false)
                == .over(.protocolError, debug: "too slow")
        )
    }

    @Test("a header block unfinished at two checks in a row is too slow")
    func unfinishedBlock() {
        self.abuseGuard.settingsCame()
        #expect(self.abuseGuard.patienceEnded(isInHeaderBlock: true) == .fine)
        #expect(self.abuseGuard.patienceEnded(isInHeaderBlock: false) == .fine)
        #expect(self.abuseGuard.patienceEnded(isInHeaderBlock: true) == .fine)
        #expect(
            self.abuseGuard.patienceEnded(isInHeaderBlock: true)
                == .over(.protocolError, debug: "too slow")
        )
    }

    private func ping(at second: Int64, usefulSent: Int = 0) -> PeerAbuseGuard.Verdict {
        self.abuseGuard.pingCame(usefulSent: usefulSent, now: at(second))
    }
}
