import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Keepalive pings of a client")
final class PingWatchTests {
    private var watch = PingWatch(
        Keepalive(unbounded: .seconds(10), timeout: .seconds(5)),
        now: at(0)
    )

    @Test("silence during a call causes a ping, and no answer ends the connection")
    func silence() {
        #expect(self.watch.dueAt == at(10))
        #expect(self.watch.timePassed(at(9), hasCalls: true) == .none)
        #expect(self.watch.timePassed(at(10), hasCalls: true) == .ping)
        #expect(self.watch.dueAt == at(15))
        #expect(self.watch.timePassed(at(14), hasCalls: true) == .none)
        #expect(self.watch.timePassed(at(15), hasCalls: true) == .close)
    }

    @Test("any received bytes count as an answer and restart the timer")
    func heard() {
        _ = self.watch.timePassed(at(10), hasCalls: true)
        let isAnswer = self.watch.heard(at: at(11))
        #expect(isAnswer)
        #expect(self.watch.dueAt == at(21))
        #expect(self.watch.timePassed(at(15), hasCalls: true) == .none)
        #expect(self.watch.timePassed(at(21), hasCalls: true) == .ping)
        #expect(self.watch.dueAt == at(26))
    }

    @Test("without calls no ping is sent, until one starts")
    func dormant() {
        #expect(self.watch.timePassed(at(10), hasCalls: false) == .none)
        #expect(self.watch.dueAt == nil)
        #expect(self.watch.callStarted(at: at(5_000)) == .ping)
        #expect(self.watch.callStarted(at: at(5_000)) == .none)
        #expect(self.watch.timePassed(at(5_005), hasCalls: true) == .close)
    }

    @Test("an idle connection is pinged when configured")
    func withoutCalls() {
        let keepalive = Keepalive(interval: .seconds(10), timeout: .seconds(5), withoutCalls: true)
        var watch = PingWatch(keepalive, now: at(0))
        #expect(watch.timePassed(at(10), hasCalls: false) == .ping)
        #expect(watch.timePassed(at(15), hasCalls: false) == .close)
    }

    @Test(
        "a call that ends in silence pings at once: no new call after a second, closed after five"
    )
    func lostCall() {
        #expect(!self.watch.isSuspect)
        #expect(self.watch.callGivenUp(sentAt: at(1), at: at(3)) == .ping)
        #expect(self.watch.isSuspect)
        #expect(self.watch.dueAt == at(4))
        #expect(self.watch.timePassed(at(4), hasCalls: true) == .retire)
        #expect(self.watch.timePassed(at(4), hasCalls: true) == .none)
        #expect(self.watch.dueAt == at(8))
        #expect(self.watch.timePassed(at(8), hasCalls: false) == .close)
    }

    @Test("a call that ends after bytes for other calls causes no ping")
    func slowCall() {
        let isAnswer = self.watch.heard(at: at(2))
        #expect(!isAnswer)
        #expect(self.watch.callGivenUp(sentAt: at(1), at: at(3)) == .none)
        #expect(self.watch.dueAt == at(12))
    }

    @Test(
        "an answering server is kept, and not pinged for each late call"
    )
    func slowServer() {
        #expect(self.watch.callGivenUp(sentAt: at(1), at: at(3)) == .ping)
        _ = self.watch.heard(at: at(4))
        #expect(!self.watch.isSuspect)
        #expect(self.watch.dueAt == at(14))
        #expect(self.watch.callGivenUp(sentAt: at(5), at: at(7)) == .none)
        #expect(self.watch.callGivenUp(sentAt: at(6), at: at(8)) == .ping)
    }

    @Test("a call that ends while a ping is out shortens its timeout")
    func hurried() {
        #expect(self.watch.timePassed(at(10), hasCalls: true) == .ping)
        #expect(self.watch.callGivenUp(sentAt: at(9), at: at(11)) == .none)
        #expect(self.watch.callGivenUp(sentAt: at(9), at: at(12)) == .none)
        #expect(self.watch.timePassed(at(12), hasCalls: true) == .retire)
        #expect(self.watch.timePassed(at(15), hasCalls: true) == .close)
    }

    @Test("no ping is sent when pings are off")
    func off() {
        var watch = PingWatch(Keepalive(interval: nil), now: at(0))
        #expect(watch.dueAt == nil)
        #expect(watch.callStarted(at: at(1)) == .none)
        #expect(watch.callGivenUp(sentAt: at(1), at: at(100)) == .none)
        #expect(watch.timePassed(at(1_000), hasCalls: true) == .none)
    }

    @Test("too_many_pings doubles the interval each time")
    func complaints() {
        let keepalive = Keepalive()
        #expect(keepalive.after(complaints: 0) == keepalive)
        #expect(keepalive.after(complaints: 2).interval == .seconds(40))
        #expect(Keepalive(interval: nil).after(complaints: 3).interval == nil)
        #expect(keepalive.after(complaints: .max).interval == .seconds(655_360))
    }

    @Test("an interval under ten seconds becomes ten seconds")
    func minimum() {
        #expect(Keepalive(interval: .seconds(1)).interval == .seconds(10))
        #expect(Keepalive(interval: .seconds(11)).interval == .seconds(11))
        #expect(Keepalive().interval == .seconds(10))
    }
}
