import Testing

@testable import TransportCore

@Suite("The queue in front of a service, as a state machine")
struct AdmissionQueueTests {
    /// The decisions on `count` calls that arrive at once, without deadlines.
    private func arrivals(
        _ count: Int,
        _ queue: inout AdmissionQueue
    ) -> [AdmissionQueue.Arrival] {
        (0..<count).map { _ in queue.arrive(deadline: nil, at: .at(0)) }
    }

    /// A queue at eleven seconds with a limit of one call: calls take a second, and one is running.
    private static func slow() -> AdmissionQueue {
        var queue = AdmissionQueue(.fixed(1))
        for second in Int64(0)..<11 {
            _ = queue.arrive(deadline: nil, at: .at(second * 1_000))
            _ = queue.leave(after: .seconds(1), at: .at(second * 1_000 + 1_000))
        }
        _ = queue.arrive(deadline: nil, at: .at(11_000))
        return queue
    }

    @Test("calls run below the limit, wait at it, and are shed when the queue is full")
    func arrivals() {
        var queue = AdmissionQueue(.fixed(2, queueMax: 3))
        let running = self.arrivals(2, &queue)
        #expect(running == [.run, .run])
        let waiting = self.arrivals(3, &queue)
        #expect(waiting == [.wait(ticket: 1), .wait(ticket: 2), .wait(ticket: 3)])
        let shed = self.arrivals(1, &queue)
        #expect(shed == [.shed(retryAfter: .milliseconds(100))])
        #expect(queue.inFlight == 2)
        #expect(queue.waiting == 3)
        #expect(queue.shed == 1)
    }

    @Test("without a queue, calls over the limit are shed")
    func noQueue() {
        var queue = AdmissionQueue(.fixed(1, queueMax: 0))
        let arrivals = self.arrivals(2, &queue)
        #expect(arrivals == [.run, .shed(retryAfter: .milliseconds(100))])
    }

    @Test("each call that ends lets the next one run, first come, first served")
    func order() {
        var queue = AdmissionQueue(.fixed(2))
        _ = self.arrivals(5, &queue)
        for ticket in UInt64(1)...3 {
            let releases = queue.leave(after: .milliseconds(1), at: .at(1))
            #expect(releases == [.run(ticket: ticket)])
            #expect(queue.inFlight == 2)
        }
        #expect(queue.leave(after: .milliseconds(1), at: .at(1)) == [])
        #expect(queue.leave(after: .milliseconds(1), at: .at(1)) == [])
        #expect(queue.inFlight == 0)
        #expect(queue.waiting == 0)
        #expect(queue.shed == 0)
    }

    @Test("a call is shed when its deadline would pass before its turn and answer")
    func tooLate() {
        var queue = Self.slow()
        let now = Timeline.Instant.at(11_000)
        // The estimate is one second, the margin another, and the answer takes a third.
        let late = queue.arrive(deadline: .at(14_000), at: now)
        #expect(late == .shed(retryAfter: .seconds(1)))
        #expect(queue.arrive(deadline: .at(14_001), at: now) == .wait(ticket: 1))
        let later = queue.arrive(deadline: .at(15_500), at: now)
        #expect(later == .shed(retryAfter: .seconds(2)))
        #expect(queue.arrive(deadline: nil, at: now) == .wait(ticket: 2))
        #expect(queue.waiting == 2)
        #expect(queue.shed == 2)
    }

    @Test("a call whose turn comes too late for an answer is shed then")
    func tooLateAfterAll() {
        var queue = Self.slow()
        let deadline = Timeline.Instant.at(14_001)
        #expect(queue.arrive(deadline: deadline, at: .at(11_000)) == .wait(ticket: 1))
        #expect(queue.leave(after: .seconds(1), at: .at(13_001)) == [.shed(ticket: 1)])
        #expect(queue.shed == 1)
    }

    @Test("a call that can run at once is admitted, however little time it has")
    func hasPlace() {
        var queue = Self.slow()
        _ = queue.leave(after: .seconds(1), at: .at(12_000))
        #expect(queue.arrive(deadline: .at(12_001), at: .at(12_000)) == .run)
    }

    @Test("a call that expired while waiting is shed at its turn, and the next one runs")
    func expired() {
        var queue = AdmissionQueue(.fixed(1))
        _ = queue.arrive(deadline: nil, at: .at(0))
        #expect(queue.arrive(deadline: .at(1_000), at: .at(0)) == .wait(ticket: 1))
        #expect(queue.arrive(deadline: .at(2_000), at: .at(0)) == .wait(ticket: 2))
        #expect(queue.arrive(deadline: .at(2_001), at: .at(0)) == .wait(ticket: 3))
        #expect(queue.arrive(deadline: nil, at: .at(0)) == .wait(ticket: 4))
        let releases = queue.leave(after: .seconds(2), at: .at(2_000))
        #expect(releases == [.shed(ticket: 1), .shed(ticket: 2), .run(ticket: 3)])
        #expect(queue.shed == 2)
        #expect(queue.inFlight == 1)
        #expect(queue.waiting == 1)
    }

    @Test("an abandoned waiting call leaves its place and its turn to the next")
    func abandoned() {
        var queue = AdmissionQueue(.fixed(1, queueMax: 2))
        _ = self.arrivals(3, &queue)
        #expect(queue.abandon(1) == true)
        #expect(queue.abandon(1) == false)
        #expect(queue.waiting == 1)
        let others = self.arrivals(2, &queue)
        #expect(others == [.wait(ticket: 3), .shed(retryAfter: .milliseconds(100))])
        #expect(queue.leave(after: .milliseconds(1), at: .at(1)) == [.run(ticket: 2)])
        #expect(queue.leave(after: .milliseconds(1), at: .at(1)) == [.run(ticket: 3)])
    }

    @Test("a call whose turn has come cannot be abandoned")
    func abandonedTooLate() {
        var queue = AdmissionQueue(.fixed(1))
        _ = self.arrivals(2, &queue)
        _ = queue.leave(after: .milliseconds(1), at: .at(1))
        #expect(queue.abandon(1) == false)
        #expect(queue.inFlight == 1)
    }
}
