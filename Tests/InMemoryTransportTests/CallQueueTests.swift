import Testing
import TransportCore

@testable import InMemoryTransport

@Suite("The queue of calls waiting for their server")
struct CallQueueTests {
    /// A call that has only a name.
    private final class Waiting: ServedCall {
        let incoming: IncomingCall

        init(_ name: String) { self.incoming = IncomingCall(method: name) }

        func answer(_ router: Router) async {}
        func end(_ reason: Interruption) {}
        func over() async {}
        func leave() {}
    }

    private func names(_ calls: [any ServedCall]) -> [String] { calls.map(\.incoming.method) }

    @Test("calls are read in the order in which they came")
    func order() async {
        let queue = CallQueue(callsMax: 8)
        #expect(queue.offer(Waiting("a")) == .queued)
        #expect(queue.offer(Waiting("b")) == .queued)
        #expect(self.names(await queue.next()) == ["a", "b"])
    }

    @Test("a waiting reader gets the next call")
    func handsOver() async {
        let queue = CallQueue(callsMax: 1)
        async let calls = queue.next()
        while queue.offer(Waiting("a")) == .full { await Task.yield() }
        #expect(self.names(await calls) == ["a"])
    }

    @Test("a full queue refuses calls until it has been read")
    func full() async {
        let queue = CallQueue(callsMax: 1)
        #expect(queue.offer(Waiting("a")) == .queued)
        #expect(queue.offer(Waiting("b")) == .full)
        #expect(self.names(await queue.next()) == ["a"])
        #expect(queue.offer(Waiting("b")) == .queued)
    }

    @Test("a closed queue refuses calls, and still gives the queued ones")
    func closed() async {
        let queue = CallQueue(callsMax: 8)
        #expect(queue.offer(Waiting("a")) == .queued)
        queue.close()
        #expect(queue.offer(Waiting("b")) == .closed)
        #expect(self.names(await queue.next()) == ["a"])
        #expect(await queue.next().isEmpty)
    }

    @Test("closing ends the wait")
    func closingWakes() async {
        let queue = CallQueue(callsMax: 8)
        async let calls = queue.next()
        queue.close()
        #expect(await calls.isEmpty)
    }
}
