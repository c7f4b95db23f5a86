import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Keepalive pings of a client")
final class PingWatchTests {
    private var watch = PingWatch(
        Keepalive(unbounded: .seconds(10), timeout: .seconds(5)),
        now: at(0)
    )

    @Test("silence while a call is open is reason for a ping, and no answer the end")
    func silence() {
        #expect(self.watch.dueAt == at(10))
        #expect(self.watch.timePassed(at(9), hasCalls: true) == .none)
        #expect(self.watch.timePassed(at(10), hasCalls: true) == .ping)
        #expect(self.watch.dueAt == at(15))
        #expect(self.watch.timePassed(at(14), hasCalls: true) == .none)
        #expect(self.watch.timePassed(at(15), hasCalls: true) == .close)
    }

    @Test("anything heard is an answer, and begins the time anew")
    func heard() {
        _ = self.watch.timePassed(at(10), hasCalls: true)
        let isAnswer = self.watch.heard(at: at(11))
        #expect(isAnswer)
        #expect(self.watch.dueAt == at(21))
        #expect(self.watch.timePassed(at(15), hasCalls: true) == .none)
        #expect(self.watch.timePassed(at(21), hasCalls: true) == .ping)
        #expect(self.watch.dueAt == at(26))
    }

    @Test("without calls nothing is asked, until one is sent")
    func dormant() {
        #expect(self.watch.timePassed(at(10), hasCalls: false) == .none)
        #expect(self.watch.dueAt == nil)
        #expect(self.watch.callStarted(at: at(5_000)) == .ping)
        #expect(self.watch.callStarted(at: at(5_000)) == .none)
        #expect(self.watch.timePassed(at(5_005), hasCalls: true) == .close)
    }

    @Test("a connection without calls is asked where that is wanted")
    func withoutCalls() {
        let keepalive = Keepalive(interval: .seconds(10), timeout: .seconds(5), withoutCalls: true)
        var watch = PingWatch(keepalive, now: at(0))
        #expect(watch.timePassed(at(10), hasCalls: false) == .ping)
        #expect(watch.timePassed(at(15), hasCalls: false) == .close)
    }

    @Test(
        "a call given up in silence asks at once: no further call in a second, and the end in five"
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

    @Test("a call given up after something had come for others says nothing of its connection")
    func slowCall() {
        let isAnswer = self.watch.heard(at: at(2))
        #expect(!isAnswer)
        #expect(self.watch.callGivenUp(sentAt: at(1), at: at(3)) == .none)
        #expect(self.watch.dueAt == at(12))
    }

    @Test(
        "a server that answers is kept, and is not asked again for each call that it is late with"
    )
    func slowServer() {
        #expect(self.watch.callGivenUp(sentAt: at(1), at: at(3)) == .ping)
        _ = self.watch.heard(at: at(4))
        #expect(!self.watch.isSuspect)
        #expect(self.watch.dueAt == at(14))
        #expect(self.watch.callGivenUp(sentAt: at(5), at: at(7)) == .none)
        #expect(self.watch.callGivenUp(sentAt: at(6), at: at(8)) == .ping)
    }

    @Test("a call given up while a ping is out hurries its answer")
    func hurried() {
        #expect(self.watch.timePassed(at(10), hasCalls: true) == .ping)
        #expect(self.watch.callGivenUp(sentAt: at(9), at: at(11)) == .none)
        #expect(self.watch.callGivenUp(sentAt: at(9), at: at(12)) == .none)
        #expect(self.watch.timePassed(at(12), hasCalls: true) == .retire)
        #expect(self.watch.timePassed(at(15), hasCalls: true) == .close)
    }

    @Test("where pings are off, none is ever sent")
    func off() {
        var watch = PingWatch(Keepalive(interval: nil), now: at(0))
        #expect(watch.dueAt == nil)
        #expect(watch.callStarted(at: at(1)) == .none)
        #expect(watch.callGivenUp(sentAt: at(1), at: at(100)) == .none)
        #expect(watch.timePassed(at(1_000), hasCalls: true) == .none)
    }

    @Test("a server that counts pings gets half as many each time it complains")
    func complaints() {
        let keepalive = Keepalive()
        #expect(keepalive.after(complaints: 0) == keepalive)
        #expect(keepalive.after(complaints: 2).interval == .seconds(40))
        #expect(Keepalive(interval: nil).after(complaints: 3).interval == nil)
        #expect(keepalive.after(complaints: .max).interval == .seconds(655_360))
    }

    @Test("an interval shorter than ten seconds is ten seconds")
    func minimum() {
        #expect(Keepalive(interval: .seconds(1)).interval == .seconds(10))
        #expect(Keepalive(interval: .seconds(11)).interval == .seconds(11))
        #expect(Keepalive().interval == .seconds(10))
    }
}
