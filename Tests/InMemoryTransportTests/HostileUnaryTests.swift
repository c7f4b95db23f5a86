import InMemoryTransport
import Simulation
import Synchronization
import Testing
import TransportCore

@Suite("Unary calls between hosts whose links misbehave", .timeLimit(.minutes(10)))
struct HostileUnaryTests {
    @Test("a call crosses as a request and a reply that share a number")
    func linkMessages() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            let call = OutgoingCall(method: "test.T/Call", metadata: ["x-request-id": "r-1"])
            let reply = try await rig.channel.unary(call, [1, 2, 3])
            #expect(reply.message == [1, 2, 3])
            let log = ["request sent", "request delivered", "reply sent", "reply delivered"]
            #expect(rig.links.log.sorted() == log.sorted())
            let linkMessages = rig.links.events.filter { $0.kind == .sent }.map(\.linkMessage)
            #expect(linkMessages.map(\.from) == ["shop", "ledger"])
            #expect(linkMessages.map(\.to) == ["ledger", "shop"])
            #expect(linkMessages.map(\.call) == [1, 1])
            #expect(linkMessages.map(\.bytes) == [3, 3])
            #expect(linkMessages.map(\.requestID) == ["r-1", "r-1"])
        }
    }

    @Test("a lost request leaves the caller to its deadline, and no handler runs")
    func lostRequest() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.links.next(.request, .lost)
            async let outcome = rig.outcome(timeout: .seconds(2))
            await rig.untilSleeping(1)
            rig.clock.advance(by: .seconds(2))
            #expect(await outcome.error?.code == .deadlineExceeded)
            #expect(rig.work.started == 0)
            #expect(
                rig.links.log == [
                    "request sent", "request lost", "cancellation sent", "cancellation late",
                ]
            )
        }
    }

    @Test("a lost reply leaves the caller to its deadline, although the handler is done")
    func lostReply() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.links.next(.reply, .lost)
            async let outcome = rig.outcome(timeout: .seconds(2))
            await rig.until { rig.links.count("reply lost") == 1 && rig.clock.sleeperCount == 1 }
            #expect(rig.work.running == 0)
            rig.clock.advance(by: .seconds(2))
            #expect(await outcome.error?.code == .deadlineExceeded)
            #expect(rig.work.started == 1)
        }
    }

    @Test("a caller without a deadline whose reply is lost waits until it is cancelled")
    func lostReplyForEver() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.links.next(.reply, .lost)
            await withTaskGroup(of: Result<[UInt8], RPCError>.self) { group in
                group.addTask { await rig.outcome() }
                await rig.until { rig.links.count("reply lost") == 1 }
                group.cancelAll()
                #expect(await group.next()?.error?.code == .cancelled)
            }
        }
    }

    @Test("a duplicate runs the handler twice, and the first reply counts")
    func duplicate() async throws {
        try await Rig.run { rig in
            let turns = Atomic<UInt8>(0)
            try await rig.serve { _, _ in
                UnaryReply([turns.add(1, ordering: .relaxed).newValue])
            }
            let copies = [Verdict.Delivery(), Verdict.Delivery(after: .milliseconds(5))]
            rig.links.next(.request, Verdict(deliveries: copies))
            #expect(try await rig.outcome().get() == [1])
            await rig.untilSleeping(1)
            rig.clock.advance(by: .milliseconds(5))
            await rig.until { rig.links.count("reply late") == 1 }
            #expect(rig.work.started == 2)
            #expect(rig.links.count("request delivered") == 2)
        }
    }

    @Test("no copy of a duplicated call claims that nothing happened", arguments: [1, 2])
    func duplicateRefusal(copies: Int) async throws {
        try await Rig.run { rig in
            try await rig.serve { _, _ in
                throw RPCError(.unavailable, "no", reason: "UNAVAILABLE")
            }
            let all = [Verdict.Delivery(), Verdict.Delivery(after: .milliseconds(5))]
            rig.links.next(.request, Verdict(deliveries: Array(all.prefix(copies))))
            let error = await rig.outcome().error
            #expect(error?.code == .unavailable)
            #expect(error?.reason == (copies == 1 ? "UNAVAILABLE" : nil))
            guard copies == 2 else { return }
            await rig.untilSleeping(1)
            rig.clock.advance(by: .milliseconds(5))
            await rig.until { rig.links.count("reply late") == 1 }
        }
    }

    @Test("a cancellation that arrives cancels the handler")
    func cancellation() async throws {
        try await Rig.run { rig in
            try await rig.serveWork(until: .seconds(60))
            async let outcome = rig.outcome(timeout: .seconds(1))
            await rig.untilSleeping(3)
            rig.links.next(.cancellation, .delivered(after: .milliseconds(1)))
            rig.links.next(.reply, .lost)
            rig.clock.advance(by: .seconds(1) - .nanoseconds(1))
            rig.clock.advance(by: .nanoseconds(1))
            #expect(await outcome.error?.code == .deadlineExceeded)
            await rig.until { rig.work.running == 0 }
            #expect(rig.work.cancelled == 1)
        }
    }

    @Test("a lost cancellation lets the handler finish")
    func lostCancellation() async throws {
        try await Rig.run { rig in
            try await rig.serveWork(until: .seconds(60))
            rig.links.next(.cancellation, .lost)
            await withTaskGroup(of: Result<[UInt8], RPCError>.self) { group in
                group.addTask { await rig.outcome() }
                await rig.untilSleeping(1)
                group.cancelAll()
                #expect(await group.next()?.error?.code == .cancelled)
            }
            #expect(rig.work.running == 1)
            rig.clock.advance(by: .seconds(60))
            await rig.until { rig.links.count("reply late") == 1 }
            #expect(rig.work.cancelled == 0)
        }
    }

    @Test("a cancellation that overtakes its request keeps the handler from running")
    func overtaking() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.links.next(.request, .delivered(after: .seconds(3)))
            async let outcome = rig.outcome(timeout: .seconds(1))
            await rig.untilSleeping(2)
            rig.clock.advance(by: .seconds(1))
            #expect(await outcome.error?.code == .deadlineExceeded)
            rig.clock.advance(by: .seconds(2))
            await rig.until { rig.links.count("request late") == 1 }
            #expect(rig.work.started == 0)
        }
    }

    @Test("a reset ends the call for the caller and cancels the handler")
    func reset() async throws {
        try await Rig.run { rig in
            try await rig.serveWork(until: .seconds(60))
            let verdict = Verdict(deliveries: [.init()], end: .init(after: .milliseconds(3)))
            rig.links.next(.request, verdict)
            async let outcome = rig.outcome()
            await rig.untilSleeping(2)
            rig.clock.advance(by: .milliseconds(3))
            let error = await outcome.error
            #expect(error?.code == .unavailable)
            #expect(error?.wasNeverProcessed == false)
            await rig.until { rig.work.running == 0 }
            #expect(rig.work.cancelled == 1)
        }
    }

    @Test("an abort gives the caller its status, and no handler runs")
    func abort() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            let error = RPCError(.resourceExhausted, "no more")
            rig.links.next(.request, .fail(error, after: .milliseconds(2)))
            async let outcome = rig.outcome()
            await rig.untilSleeping(1)
            rig.clock.advance(by: .milliseconds(2))
            #expect(await outcome.error == error)
            #expect(rig.work.started == 0)
        }
    }

    @Test("each message takes its own time")
    func delays() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.links.next(.request, .delivered(after: .milliseconds(2)))
            rig.links.next(.reply, .delivered(after: .milliseconds(3)))
            async let outcome = rig.outcome([1])
            await rig.untilSleeping(1)
            rig.clock.advance(by: .milliseconds(2) - .nanoseconds(1))
            #expect(rig.clock.sleeperCount == 1)
            rig.clock.advance(by: .nanoseconds(1))
            await rig.until { rig.links.count("reply sent") == 1 }
            await rig.untilSleeping(1)
            rig.clock.advance(by: .milliseconds(3) - .nanoseconds(1))
            #expect(rig.links.count("reply delivered") == 0)
            rig.clock.advance(by: .nanoseconds(1))
            #expect(try await outcome.get() == [1])
        }
    }

    @Test("both delays count against the caller's deadline")
    func deadline() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.links.next(.request, .delivered(after: .milliseconds(2)))
            rig.links.next(.reply, .delivered(after: .milliseconds(3)))
            async let outcome = rig.outcome(timeout: .milliseconds(4))
            await rig.untilSleeping(2)
            rig.clock.advance(by: .milliseconds(2))
            await rig.until { rig.links.count("reply sent") == 1 }
            rig.clock.advance(by: .milliseconds(2))
            #expect(await outcome.error?.code == .deadlineExceeded)
        }
    }

    @Test("a server's deadline is a moment of its own timeline, from the request's arrival")
    func skewedServer() async throws {
        try await Rig.run { rig in
            let slow = VirtualClock()
            slow.advance(by: .seconds(1_000))
            let host = rig.network.host("ledger", timeline: Timeline(slow))
            let seen = Mutex<Timeline.Instant?>(nil)
            slow.advance(by: .seconds(5))
            try await rig.serve(on: host) { call, _ in
                seen.withLock { $0 = call.deadline }
                try await slow.sleep(until: .init(sinceStart: .seconds(9_000)))
                return UnaryReply([])
            }
            async let outcome = rig.outcome(timeout: .seconds(10))
            await rig.until { slow.sleeperCount == 2 }
            #expect(seen.withLock { $0 } == Timeline.Instant(nanoseconds: 15_000_000_000))
            slow.advance(by: .seconds(10))
            #expect(await outcome.error?.code == .deadlineExceeded)
            #expect(rig.clock.now.sinceStart == .zero)
            await host.close()
        }
    }

    @Test("a corrupted request differs in one bit, a truncated reply ends early")
    func mangling() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.links.next(.request, Verdict(deliveries: [.init(mangling: .corrupt(at: 9))]))
            #expect(try await rig.outcome([0, 0, 0]).get() == [0, 2, 0])
            rig.links.next(.request, Verdict(deliveries: [.init(mangling: .corrupt(at: 24))]))
            #expect(try await rig.outcome([0, 0, 0]).get() == [1, 0, 0])
            rig.links.next(.reply, Verdict(deliveries: [.init(mangling: .truncate(to: 1))]))
            #expect(try await rig.outcome([4, 5, 6]).get() == [4])
            rig.links.next(.request, Verdict(deliveries: [.init(mangling: .corrupt(at: -5))]))
            #expect(try await rig.outcome([]).get() == [])
        }
    }

    @Test("hosts without a link model have perfect links")
    func perfect() async throws {
        let clock = VirtualClock()
        let network = InMemoryNetwork(timeline: Timeline(clock))
        let host = network.host("ledger", timeline: Timeline(clock))
        let method = RegisteredMethod(
            name: "test.T/Call",
            kind: .unary,
            handler: .unary { _, message in UnaryReply(message) }
        )
        _ = try await host.serve(try Router([method], policies: []), at: Rig.home)
        let other = network.host("shop", timeline: Timeline(clock))
        for channel in [other.channel(to: Rig.home), network.channel(to: Rig.home)] {
            let reply = try await channel.unary(Rig.call(.seconds(1)), [1])
            #expect(reply.message == [1])
        }
        await other.close()
        await host.close()
        await network.close()
        #expect(clock.sleeperCount == 0)
    }
}
