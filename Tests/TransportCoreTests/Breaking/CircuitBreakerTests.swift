import Testing

@testable import TransportCore

/// Tests of the default limits: 20 calls within 10 s, half of them failed; open for 5 s; 3 probes.
@Suite("The circuit breaker, as a state machine")
struct CircuitBreakerTests {
    private static var open: CircuitBreaker.State { .open(until: .at(6_000)) }

    /// A breaker that opened at one second and stays open until six.
    private static func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker(CircuitBreaking())
        breaker.make(20, failed: true, at: .at(1_000))
        return breaker
    }

    /// The same breaker at six seconds, with `count` probes in flight.
    private static func probing(_ count: Int) throws -> (CircuitBreaker, [CircuitBreaker.Ticket]) {
        var breaker = Self.opened()
        let tickets = (0..<count).compactMap { _ in breaker.ticket(at: .at(6_000)) }
        try #require(tickets.count == count)
        return (breaker, tickets)
    }

    @Test("closed: nineteen failures never open it, the twentieth does")
    func minimum() {
        var breaker = CircuitBreaker(CircuitBreaking())
        #expect(breaker.make(19, failed: true, at: .at(500)) == 0)
        #expect(breaker.state == .closed)
        #expect(breaker.make(1, failed: true, at: .at(9_999)) == 1)
        #expect(breaker.state == .open(until: .at(14_999)))
    }

    @Test("closed: ten failures of twenty calls open it")
    func half() {
        var breaker = CircuitBreaker(CircuitBreaking())
        #expect(breaker.make(10, failed: false, at: .at(1_000)) == 0)
        #expect(breaker.make(9, failed: true, at: .at(1_000)) == 0)
        #expect(breaker.state == .closed)
        #expect(breaker.make(1, failed: true, at: .at(1_000)) == 1)
        #expect(breaker.state == Self.open)
    }

    @Test("closed: nine failures of twenty calls do not, eleven of twenty-two do")
    func lessThanHalf() {
        var breaker = CircuitBreaker(CircuitBreaking())
        #expect(breaker.make(11, failed: false, at: .at(1_000)) == 0)
        #expect(breaker.make(10, failed: true, at: .at(1_000)) == 0)
        #expect(breaker.state == .closed)
        #expect(breaker.make(1, failed: true, at: .at(1_000)) == 1)
    }

    @Test("closed: calls leave the window in tenths of it")
    func window() {
        for (moment, needed) in [(9_999, 2), (10_000, 11), (10_999, 11), (11_000, 20)] {
            var breaker = CircuitBreaker(CircuitBreaking())
            breaker.make(9, failed: true, at: .at(0))
            breaker.make(9, failed: true, at: .at(1_500))
            let now = Timeline.Instant.at(Int64(moment))
            #expect(breaker.make(needed - 1, failed: true, at: now) == 0)
            #expect(breaker.make(1, failed: true, at: now) == 1)
        }
    }

    @Test("closed: calls from before a long silence are forgotten")
    func silence() {
        var breaker = CircuitBreaker(CircuitBreaking())
        breaker.make(19, failed: true, at: .at(1_000))
        #expect(breaker.make(19, failed: true, at: .at(3_601_000)) == 0)
        #expect(breaker.state == .closed)
    }

    @Test("open: all calls are refused with the remaining open time")
    func refuses() {
        var breaker = Self.opened()
        #expect(breaker.admit(at: .at(1_000)) == .refused(retryAfter: .seconds(5)))
        #expect(breaker.admit(at: .at(4_500)) == .refused(retryAfter: .milliseconds(1_500)))
        let last = Timeline.Instant(nanoseconds: 5_999_999_999)
        #expect(breaker.admit(at: last) == .refused(retryAfter: .nanoseconds(1)))
        #expect(breaker.state == Self.open)
        let probe = breaker.ticket(at: .at(6_000))
        #expect(probe != nil)
        #expect(breaker.state == .halfOpen(started: 1, succeeded: 0))
    }

    @Test("half-open: three probes pass, a fourth is refused")
    func probes() throws {
        var (breaker, _) = try Self.probing(3)
        #expect(breaker.state == .halfOpen(started: 3, succeeded: 0))
        let fourth = breaker.ticket(at: .at(6_000))
        #expect(fourth == nil)
        #expect(breaker.state == .halfOpen(started: 3, succeeded: 0))
    }

    @Test("half-open: three successful probes close it and clear its counts")
    func closes() throws {
        var (breaker, tickets) = try Self.probing(3)
        for (count, ticket) in tickets.enumerated() {
            #expect(breaker.state == .halfOpen(started: 3, succeeded: count))
            #expect(breaker.ended(ticket, failed: false, at: .at(6_001)) == false)
        }
        #expect(breaker.state == .closed)
        #expect(breaker.make(19, failed: true, at: .at(6_002)) == 0)
        #expect(breaker.make(1, failed: true, at: .at(6_002)) == 1)
    }

    @Test("half-open: a probe that ends does not make room for another")
    func noFourth() throws {
        var (breaker, tickets) = try Self.probing(3)
        _ = breaker.ended(tickets[0], failed: false, at: .at(6_001))
        let fourth = breaker.ticket(at: .at(6_002))
        #expect(fourth == nil)
    }

    @Test("half-open: one failed probe opens it again, for the same time")
    func opensAgain() throws {
        var (breaker, tickets) = try Self.probing(3)
        #expect(breaker.ended(tickets[0], failed: false, at: .at(6_500)) == false)
        #expect(breaker.ended(tickets[1], failed: true, at: .at(7_000)) == true)
        #expect(breaker.state == .open(until: .at(12_000)))
        #expect(breaker.ended(tickets[2], failed: true, at: .at(8_000)) == false)
        #expect(breaker.state == .open(until: .at(12_000)))
        #expect(breaker.admit(at: .at(11_999)) == .refused(retryAfter: .milliseconds(1)))
        let probes = (0..<4).compactMap { _ in breaker.ticket(at: .at(12_000)) }
        #expect(probes.count == 3)
    }

    @Test("a call started before it opened does not count afterwards")
    func oldCalls() throws {
        var breaker = CircuitBreaker(CircuitBreaking())
        let old = (0..<30).compactMap { _ in breaker.ticket(at: .at(0)) }
        try #require(old.count == 30)
        breaker.make(20, failed: true, at: .at(1_000))
        #expect(breaker.ended(old[0], failed: true, at: .at(2_000)) == false)
        #expect(breaker.state == Self.open)
        let probes = (0..<3).compactMap { _ in breaker.ticket(at: .at(6_000)) }
        #expect(breaker.ended(old[1], failed: true, at: .at(6_000)) == false)
        #expect(breaker.ended(old[2], failed: false, at: .at(6_000)) == false)
        #expect(breaker.state == .halfOpen(started: 3, succeeded: 0))
        for probe in probes { _ = breaker.ended(probe, failed: false, at: .at(6_000)) }
        let opened = old.dropFirst(3).filter { breaker.ended($0, failed: true, at: .at(6_001)) }
        #expect(opened.isEmpty)
        #expect(breaker.state == .closed)
    }

    @Test("half-open: a probe whose caller left makes room for another")
    func withdrawn() throws {
        var (breaker, tickets) = try Self.probing(3)
        _ = breaker.ended(tickets[0], failed: false, at: .at(6_001))
        breaker.withdrawn(tickets[1])
        #expect(breaker.state == .halfOpen(started: 2, succeeded: 1))
        let another = breaker.ticket(at: .at(6_002))
        #expect(another != nil)
        let oneMore = breaker.ticket(at: .at(6_002))
        #expect(oneMore == nil)
    }

    @Test("open: probes pass at once when the service serves again")
    func recovers() {
        var breaker = Self.opened()
        breaker.serviceRecovered()
        #expect(breaker.state == .halfOpen(started: 0, succeeded: 0))
        let probes = (0..<4).compactMap { _ in breaker.ticket(at: .at(1_001)) }
        #expect(probes.count == 3)
        for probe in probes { _ = breaker.ended(probe, failed: false, at: .at(1_002)) }
        #expect(breaker.state == .closed)
    }

    @Test("half-open: new probes pass when the service serves again, and old ones stop counting")
    func recoversWhileProbing() throws {
        var (breaker, old) = try Self.probing(3)
        breaker.serviceRecovered()
        let probes = (0..<4).compactMap { _ in breaker.ticket(at: .at(6_001)) }
        #expect(probes.count == 3)
        #expect(breaker.ended(old[0], failed: true, at: .at(6_002)) == false)
        for probe in probes { _ = breaker.ended(probe, failed: false, at: .at(6_003)) }
        #expect(breaker.state == .closed)
    }

    @Test("closed: a recovery of the service changes nothing")
    func recoversClosed() {
        var breaker = CircuitBreaker(CircuitBreaking())
        breaker.make(19, failed: true, at: .at(0))
        breaker.serviceRecovered()
        #expect(breaker.state == .closed)
        #expect(breaker.make(1, failed: true, at: .at(0)) == 1)
    }

    @Test("half-open: unanswered probes are replaced after the open time")
    func hangingProbes() throws {
        var (breaker, old) = try Self.probing(3)
        let last = Timeline.Instant.at(10_999)
        #expect(breaker.admit(at: last) == .refused(retryAfter: .milliseconds(1)))
        let probes = (0..<4).compactMap { _ in breaker.ticket(at: .at(11_000)) }
        #expect(probes.count == 3)
        #expect(breaker.ended(old[0], failed: true, at: .at(11_001)) == false)
        for probe in probes { _ = breaker.ended(probe, failed: false, at: .at(11_002)) }
        #expect(breaker.state == .closed)
    }

    @Test("closed and open: a call whose caller left changes nothing")
    func withdrawnElsewhere() throws {
        var breaker = CircuitBreaker(CircuitBreaking())
        let ticket = breaker.ticket(at: .at(0))
        let old = try #require(ticket)
        breaker.withdrawn(old)
        #expect(breaker.make(19, failed: true, at: .at(0)) == 0)
        #expect(breaker.make(1, failed: true, at: .at(0)) == 1)
        breaker.withdrawn(old)
        #expect(breaker.state == .open(until: .at(5_000)))
        let probe = breaker.ticket(at: .at(5_000))
        breaker.withdrawn(old)
        #expect(probe != nil)
        #expect(breaker.state == .halfOpen(started: 1, succeeded: 0))
    }
}

extension CircuitBreaker {
    /// The ticket of an admitted call; nil when it is refused.
    fileprivate mutating func ticket(at now: Timeline.Instant) -> Ticket? {
        guard case .allowed(let ticket) = self.admit(at: now) else { return nil }
        return ticket
    }

    /// Makes `count` calls that end at once; returns how many of them opened the breaker.
    @discardableResult
    fileprivate mutating func make(
        _ count: Int,
        failed: Bool,
        at now: Timeline.Instant
    ) -> Int {
        (0..<count).count { _ in
            guard let ticket = self.ticket(at: now) else { return false }
            return self.ended(ticket, failed: failed, at: now)
        }
    }
}
