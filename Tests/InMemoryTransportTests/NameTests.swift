import InMemoryTransport
import Simulation
import Testing
import TransportCore

@Suite("Names of hosts", .timeLimit(.minutes(10)))
struct NameTests {
    private func serve(_ answer: UInt8, on name: String, _ rig: Rig) async throws -> InMemoryHost {
        let host = rig.network.host(name, timeline: Timeline(rig.clock))
        try await rig.serve(on: host) { _, _ in UnaryReply([answer]) }
        return host
    }

    @Test("calls of one channel go to the hosts of a name in turn")
    func turns() async throws {
        try await Rig.run { rig in
            let hosts = [
                try await self.serve(1, on: "a", rig), try await self.serve(2, on: "b", rig),
            ]
            rig.names.set("a", "b")
            let channel = rig.channel
            var answers: [UInt8] = []
            for _ in 0..<4 { answers += try await channel.unary(Rig.call(), []).message }
            #expect(answers == [1, 2, 1, 2])
            for host in hosts { await host.close() }
        }
    }

    @Test("a refused call goes to the next host, to each once")
    func refused() async throws {
        try await Rig.run { rig in
            let host = try await self.serve(2, on: "b", rig)
            rig.names.set("a", "b")
            #expect(try await rig.outcome().get() == [2])
            let to = rig.links.events.filter { $0.kind == .refused || $0.kind == .delivered }
            #expect(to.first?.linkMessage.to == "a")
            await host.close()
            #expect(await rig.outcome().error?.wasNeverProcessed == true)
            #expect(rig.links.count("request refused") == 3)
        }
    }

    @Test("a name that cannot be resolved fails the call before it is sent")
    func failure() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.names.fail(RPCError(.unavailable, "no such name"))
            let error = await rig.outcome().error
            #expect(error?.code == .unavailable)
            #expect(error?.message == "no such name")
            #expect(error?.wasNeverProcessed == true)
            rig.names.set()
            #expect(await rig.outcome().error?.message == "no host is called ledger")
            #expect(rig.links.log.isEmpty)
        }
    }

    @Test("a waiting call is sent when its name resolves, or ends at its deadline")
    func waits() async throws {
        try await Rig.run { rig in
            try await rig.serveEcho()
            rig.names.set()
            async let answer = rig.outcome(waitForReady: true)
            await rig.untilSleeping(1)
            rig.names.fail(RPCError(.unavailable, "no such name"))
            rig.clock.advance(by: .milliseconds(100))
            await rig.untilSleeping(1)
            rig.names.set("ledger")
            rig.clock.advance(by: .milliseconds(100))
            #expect(try await answer.get() == [7])
            rig.names.set()
            async let late = rig.outcome(timeout: .milliseconds(50), waitForReady: true)
            await rig.untilSleeping(1)
            rig.clock.advance(by: .milliseconds(50))
            #expect(await late.error?.code == .deadlineExceeded)
        }
    }

    @Test("a call waiting for its name ends with its host")
    func waitsNoLonger() async throws {
        try await Rig.run { rig in
            rig.names.set()
            async let answer = rig.outcome(waitForReady: true)
            await rig.untilSleeping(1)
            rig.shop.crash()
            rig.clock.advance(by: .milliseconds(100))
            #expect(await answer.error?.code == .cancelled)
        }
    }

    @Test("a stale name sends the call to a host that is gone")
    func stale() async throws {
        try await Rig.run { rig in
            let old = try await self.serve(1, on: "old", rig)
            rig.names.set("old")
            #expect(try await rig.outcome().get() == [1])
            await old.close()
            let current = try await self.serve(2, on: "current", rig)
            #expect(await rig.outcome().error?.message == "no server at old:50052")
            rig.names.set("current")
            #expect(try await rig.outcome().get() == [2])
            await current.close()
        }
    }

    @Test("the time of a refusal counts against the deadline")
    func deadline() async throws {
        try await Rig.run { rig in
            rig.names.set("a", "b")
            rig.links.always(.request, .delivered(after: .seconds(2)))
            async let outcome = rig.outcome(timeout: .seconds(3))
            await rig.untilSleeping(2)
            rig.clock.advance(by: .seconds(2))
            await rig.until { rig.links.count("request sent") == 2 }
            await rig.untilSleeping(2)
            rig.clock.advance(by: .seconds(1))
            #expect(await outcome.error?.code == .deadlineExceeded)
        }
    }
}
