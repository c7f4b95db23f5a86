import InMemoryTransport
import Simulation
import Synchronization
import Testing
import TransportCore

@Suite("Hosts that crash, stop and come back", .timeLimit(.minutes(10)))
struct CrashTests {
    @Test("a crash ends a call in flight with UNAVAILABLE, after the link's delay")
    func server() async throws {
        try await Rig.run { rig in
            try await rig.serveWork(until: .seconds(60))
            rig.links.next(.reply, .delivered(after: .milliseconds(4)))
            async let outcome = rig.outcome()
            await rig.untilSleeping(1)
            rig.ledger.crash()
            await rig.until { rig.work.running == 0 }
            #expect(rig.work.cancelled == 1)
            #expect(rig.links.count("reply sent") == 1)
            await rig.untilSleeping(1)
            rig.clock.advance(by: .milliseconds(4))
            let error = await outcome.error
            #expect(error?.code == .unavailable)
            #expect(error?.wasNeverProcessed == false)
        }
    }

    @Test("a handler's answer after its host has crashed is dropped")
    func deafHandler() async throws {
        try await Rig.run { rig in
            let release = AsyncStream<Void>.makeStream()
            try await rig.serve { _, message in
                await Task { for await _ in release.stream {} }.value
                return UnaryReply(message)
            }
            async let outcome = rig.outcome()
            await rig.until { rig.work.running == 1 }
            rig.ledger.crash()
            #expect(await outcome.error?.code == .unavailable)
            #expect(rig.work.running == 1)
            release.continuation.finish()
            await rig.until { rig.work.running == 0 }
            await rig.network.close()
            #expect(rig.links.count("reply sent") == 1)
        }
    }

    @Test("a request that arrives after the crash was never processed")
    func undelivered() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.links.next(.request, .delivered(after: .milliseconds(4)))
            async let outcome = rig.outcome()
            await rig.untilSleeping(1)
            rig.ledger.crash()
            rig.clock.advance(by: .milliseconds(4))
            let error = await outcome.error
            #expect(error?.code == .unavailable)
            #expect(error?.wasNeverProcessed == true)
        }
    }

    @Test("a crash of the caller reaches its server as a cancellation")
    func caller() async throws {
        try await Rig.run { rig in
            try await rig.serveWork(until: .seconds(60))
            rig.links.next(.cancellation, .delivered(after: .milliseconds(4)))
            async let outcome = rig.outcome()
            await rig.untilSleeping(1)
            rig.shop.crash()
            #expect(await outcome.error?.code == .cancelled)
            await rig.untilSleeping(2)
            #expect(rig.work.running == 1)
            rig.clock.advance(by: .milliseconds(4))
            await rig.until { rig.work.running == 0 }
            #expect(rig.work.cancelled == 1)
        }
    }

    @Test("a crashed host neither calls nor serves")
    func dead() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.shop.crash()
            #expect(rig.shop.isGone)
            let error = await rig.outcome().error
            #expect(error?.code == .cancelled)
            #expect(error?.wasNeverProcessed == true)
            await #expect(throws: ConfigurationError.self) {
                _ = try await rig.serveEcho(on: rig.shop)
            }
            let heir = rig.network.host("shop", timeline: Timeline(rig.clock))
            _ = try await rig.serveEcho(on: heir)
            await heir.close()
            #expect(rig.links.log.isEmpty)
        }
    }

    @Test("a host of the same name is the restarted process")
    func restart() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.ledger.crash()
            let refused = await rig.outcome().error
            #expect(refused?.code == .unavailable)
            #expect(refused?.wasNeverProcessed == true)
            async let outcome = rig.outcome([9], waitForReady: true)
            await rig.until { rig.links.count("request refused") == 2 }
            let heir = rig.network.host("ledger", timeline: Timeline(rig.clock))
            try await rig.serveEcho(on: heir)
            #expect(try await outcome.get() == [9])
            await heir.close()
        }
    }

    @Test("a wait for a server ends when the waiting host crashes")
    func waitingForServer() async throws {
        try await Rig.run { rig in
            async let outcome = rig.outcome(waitForReady: true)
            await rig.until { rig.links.count("request refused") == 1 }
            rig.shop.crash()
            #expect(await outcome.error?.code == .cancelled)
        }
    }

    @Test("a stopped server tells its callers across the link")
    func stopped() async throws {
        try await Rig.run { rig in
            let server = try await rig.serveWork(until: .seconds(60))
            rig.links.next(.reply, .delivered(after: .milliseconds(4)))
            async let outcome = rig.outcome()
            await rig.untilSleeping(1)
            await server.stop()
            #expect(rig.work.running == 0)
            await rig.untilSleeping(1)
            rig.clock.advance(by: .milliseconds(4))
            #expect(await outcome.error?.message == "the server stopped during the call")
        }
    }

    @Test("a draining server refuses new calls and answers earlier ones")
    func drained() async throws {
        try await Rig.run { rig in
            let server = try await rig.serveWork(until: .seconds(60))
            async let outcome = rig.outcome([3])
            await rig.untilSleeping(1)
            async let drained: Void = server.drain()
            var heir: (any RunningServer)?
            while heir == nil {
                heir = try? await rig.serveEcho()
                await Task.yield()
            }
            await heir?.stop()
            #expect(await rig.outcome().error?.wasNeverProcessed == true)
            rig.clock.advance(by: .seconds(60))
            #expect(try await outcome.get() == [3])
            await drained
        }
    }

    @Test("resetting connections ends only the calls to one host, on both sides")
    func resetConnections() async throws {
        try await Rig.run { rig in
            try await rig.serveWork(until: .seconds(60))
            async let outcome = rig.outcome()
            await rig.untilSleeping(1)
            #expect(rig.shop.resetConnections(to: "refund") == 0)
            #expect(rig.shop.resetConnections(to: "ledger") == 1)
            #expect(await outcome.error?.code == .unavailable)
            await rig.until { rig.work.running == 0 }
            #expect(rig.work.cancelled == 1)
            #expect(rig.shop.resetConnections(to: "ledger") == 0)
        }
    }

    @Test("a host at its bound of calls refuses one more")
    func bound() async throws {
        try await Rig.run { rig in
            rig.links.always(.request, .lost)
            await withTaskGroup(of: Result<[UInt8], RPCError>.self) { group in
                for _ in 0..<InMemoryHost.callsMax { group.addTask { await rig.outcome() } }
                await rig.until { rig.links.lostCount == InMemoryHost.callsMax }
                let error = await rig.outcome().error
                #expect(error?.code == .unavailable)
                #expect(error?.wasNeverProcessed == true)
                group.cancelAll()
                for await outcome in group { #expect(outcome.error?.code == .cancelled) }
            }
            rig.links.always(.request, .delivered())
            try await rig.serveEcho()
            #expect(try await rig.outcome([1]).get() == [1])
        }
    }

    @Test("a crash within a verdict takes effect at that point")
    func crashInVerdict() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.links.before(.reply) { rig.ledger.crash() }
            async let outcome = rig.outcome()
            let error = await outcome.error
            #expect(error == nil)
            #expect(rig.ledger.isGone)
            #expect(await rig.outcome().error?.wasNeverProcessed == true)
        }
    }

    @Test("closing a network drops messages in transit")
    func closed() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.links.next(.request, .delivered(after: .seconds(4)))
            async let outcome = rig.outcome()
            await rig.untilSleeping(1)
            await rig.network.close()
            #expect(rig.clock.sleeperCount == 0)
            await rig.shop.close()
            #expect(await outcome.error?.code == .cancelled)
            #expect(rig.work.started == 0)
        }
    }
}
