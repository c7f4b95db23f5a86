import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Judging a client's conduct")
final class PeerConductTests {
    private var conduct = PeerConduct(now: at(0))

    @Test("the third ping that comes too soon is one too many")
    func tooManyPings() {
        for second: Int64 in 0..<3 { #expect(self.ping(at: second) == .fine) }
        #expect(self.ping(at: 3) == .over(.enhanceYourCalm, debug: "too_many_pings"))
    }

    @Test("pings five minutes apart are welcome while calls are open")
    func pingsWithCalls() {
        for count: Int64 in 0..<20 { #expect(self.ping(at: count * 300) == .fine) }
    }

    @Test("without calls two hours must lie between them")
    func pingsWhenIdle() {
        for count: Int64 in 0..<20 {
            #expect(self.ping(at: count * 7_200, hasCalls: false) == .fine)
        }
        #expect(self.ping(at: 150_000, hasCalls: false) == .fine)
        #expect(self.ping(at: 150_300, hasCalls: false) == .fine)
        #expect(self.ping(at: 150_600, hasCalls: false) == .fine)
        #expect(self.ping(at: 150_900, hasCalls: false) != .fine)
    }

    @Test("what we send forgives the pings before it")
    func forgiveness() {
        for second: Int64 in 0..<100 {
            #expect(self.ping(at: second, usefulSent: 1) == .fine)
        }
        for second: Int64 in 100..<102 { #expect(self.ping(at: second) == .fine) }
        _ = self.conduct.framesCame(idle: 0, resets: 0, usefulSent: 1, now: at(103))
        for second: Int64 in 104..<107 { #expect(self.ping(at: second) == .fine) }
        #expect(self.ping(at: 107) != .fine)
    }

    @Test("a flood is over the budget")
    func flood() {
        let verdict = self.conduct.framesCame(idle: 2_001, resets: 0, usefulSent: 0, now: at(0))
        #expect(verdict == .over(.enhanceYourCalm, debug: "too many frames without a call"))
    }

    @Test("no SETTINGS when patience ends is too slow")
    func noSettings() {
        #expect(
            self.conduct.patienceEnded(isInHeaderBlock: false)
                == .over(.protocolError, debug: "too slow")
        )
    }

    @Test("a header block that is unfinished twice in a row is too slow")
    func unfinishedBlock() {
        self.conduct.settingsCame()
        #expect(self.conduct.patienceEnded(isInHeaderBlock: true) == .fine)
        #expect(self.conduct.patienceEnded(isInHeaderBlock: false) == .fine)
        #expect(self.conduct.patienceEnded(isInHeaderBlock: true) == .fine)
        #expect(
            self.conduct.patienceEnded(isInHeaderBlock: true)
                == .over(.protocolError, debug: "too slow")
        )
    }

    private func ping(
        at second: Int64,
        usefulSent: Int = 0,
        hasCalls: Bool = true
    ) -> PeerConduct.Verdict {
        self.conduct.pingCame(usefulSent: usefulSent, hasCalls: hasCalls, now: at(second))
    }
}
