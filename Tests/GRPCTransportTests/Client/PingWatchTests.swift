import Testing

@testable import GRPCTransport

@Suite("Keepalive pings of a client")
final class PingWatchTests {
    private var watch = PingWatch()

    @Test("nothing is sent while no call is open")
    func idle() {
        #expect(self.watch.intervalPassed(hasCalls: false) == .none)
    }

    @Test("silence until the answer is due is the end")
    func silence() {
        #expect(self.watch.intervalPassed(hasCalls: true) == .ping(number: 1))
        #expect(self.watch.timeUp(1))
    }

    @Test("anything heard is an answer")
    func heard() {
        _ = self.watch.intervalPassed(hasCalls: true)
        self.watch.heard()
        #expect(!self.watch.timeUp(1))
    }

    @Test("the time of an answered ping does not count against the next one")
    func answeredPing() {
        _ = self.watch.intervalPassed(hasCalls: true)
        self.watch.heard()
        #expect(self.watch.intervalPassed(hasCalls: true) == .ping(number: 2))
        #expect(!self.watch.timeUp(1))
        #expect(self.watch.timeUp(2))
    }

    @Test("one ping is out at a time")
    func oneAtATime() {
        #expect(self.watch.intervalPassed(hasCalls: true) == .ping(number: 1))
        #expect(self.watch.intervalPassed(hasCalls: true) == .none)
        #expect(self.watch.timeUp(1))
    }
}
