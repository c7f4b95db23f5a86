import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("A channel over the addresses of a name", .timeLimit(.minutes(10)))
struct EventLoopChannelTests {
    private static let name = Endpoint(host: "service.test", port: 1)

    @Test("calls go to the live address when one of two is dead")
    func oneDead() async throws {
        let dead = try HeldPort()
        try await ServerUnderTest.run { under in
            let resolver = FixedResolver([try dead.address, try under.address])
            try await withChannel(to: Self.name, Self.options(resolver)) { client in
                for number: UInt8 in 0..<20 {
                    let message = try await Self.echo(client, [number])
                    #expect(message == [number])
                }
            }
        }
    }

    @Test("calls take the ready addresses in turn")
    func roundRobin() async throws {
        let called = Notes<Int>()
        func noting(_ index: Int) -> RegisteredMethod {
            .unary("test.Echo/Unary") { message in
                called.note(index)
                return UnaryReply(message)
            }
        }
        try await ServerUnderTest.run([noting(0)]) { first in
            try await ServerUnderTest.run([noting(1)]) { second in
                let resolver = FixedResolver([try first.address, try second.address])
                let name = Self.name
                try await withChannel(to: name, Self.options(resolver), on: oneLoop) { client in
                    while Set(called.events).count < 2 { _ = try await client.unary(.echo, []) }
                    for _ in 0..<20 { _ = try await client.unary(.echo, []) }
                    let turns = called.events.suffix(20)
                    #expect(zip(turns, turns.dropFirst()).allSatisfy { $0 != $1 }, "\(turns)")
                }
            }
        }
    }

    @Test("a new address of the name is called, even if no other has failed")
    func replicaCame() async throws {
        let reached = Mutex(false)
        let method = RegisteredMethod.unary("test.Echo/Unary") { message in
            reached.withLock { $0 = true }
            return UnaryReply(message)
        }
        try await ServerUnderTest.run { first in
            try await ServerUnderTest.run([method]) { second in
                let resolver = FixedResolver([try first.address])
                var options = Self.options(resolver)
                options.resolveInterval = .milliseconds(10)
                try await withChannel(to: Self.name, options) { client in
                    _ = try await client.unary(.echo, [])
                    #expect(reached.withLock { !$0 })
                    resolver.finds([try first.address, try second.address])
                    while !reached.withLock(\.self) {
                        #expect(try await client.unary(.echo, [1]).message == [1])
                    }
                }
            }
        }
    }

    @Test("an address whose connection ended is called again, even if another serves all calls")
    func bothAgain() async throws {
        let counts = Mutex([0, 0])
        func counting(_ index: Int) -> RegisteredMethod {
            .unary("test.Echo/Unary") { message in
                counts.withLock { $0[index] += 1 }
                return UnaryReply(message)
            }
        }
        try await ServerUnderTest.run([counting(0)]) { first in
            try await ServerUnderTest.run([counting(1)]) { second in
                let resolver = FixedResolver([try first.address, try second.address])
                let name = Self.name
                try await withChannel(to: name, Self.options(resolver), on: oneLoop) { client in
                    for _ in 0..<3 {
                        counts.withLock { $0 = [0, 0] }
                        while counts.withLock({ $0.contains(0) }) {
                            #expect(try await client.unary(.echo, [1]).message == [1])
                        }
                        for connection in first.server.openConnections {
                            connection.onLoop { $0.grewOld(grace: .seconds(60)) }
                            try await connection.finished.get()
                        }
                    }
                }
            }
        }
    }

    @Test("calls fail at once with UNAVAILABLE when every address is dead")
    func allDead() async throws {
        let (first, second) = (try HeldPort(), try HeldPort())
        let resolver = FixedResolver([try first.address, try second.address])
        let options = Self.options(resolver, backoff: .seconds(60))
        try await withChannel(to: Self.name, options) { client in
            for _ in 0..<3 {
                let error = await failure { _ = try await client.unary(.echo, []) }
                #expect(error?.code == .unavailable)
                #expect(error?.wasNeverProcessed == true)
            }
        }
    }

    @Test("calls succeed again when the server comes back")
    func comesBack() async throws {
        let port = try HeldPort()
        let first = try await ServerUnderTest.start(port: port.number)
        let resolver = FixedResolver([try port.address])
        try await withChannel(to: Self.name, Self.options(resolver), on: oneLoop) { client in
            let before = try await Self.echo(client, [1])
            #expect(before == [1])
            await first.server.stop()
            let error = await failure { _ = try await client.unary(.echo, []) }
            #expect(error?.code == .unavailable)
            let second = try await ServerUnderTest.start(port: port.number)
            var call = OutgoingCall.echo
            call.waitForReady = true
            let after = try await client.unary(call, [2])
            #expect(after.message == [2])
            await second.server.stop()
        }
    }

    @Test("a call that waits for ready is sent when the server starts")
    func waitForReady() async throws {
        let port = try HeldPort()
        let options = Self.options(FixedResolver([try port.address]))
        try await withChannel(to: Self.name, options) { client in
            var waiting = OutgoingCall.echo
            waiting.waitForReady = true
            async let reply = client.unary(waiting, [5])
            let error = await failure { _ = try await client.unary(.echo, []) }
            #expect(error?.code == .unavailable)
            let under = try await ServerUnderTest.start(port: port.number)
            #expect(try await reply.message == [5])
            await under.server.stop()
        }
    }

    @Test("a server reached by one event loop is reached by all")
    func sharedNews() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let loops = group.makeIterator().map { LoopExecutor($0) }
        let port = try HeldPort()
        let options = Self.options(FixedResolver([try port.address]), backoff: .seconds(600))
        try await withChannel(to: Self.name, options, on: group) { client in
            var call = OutgoingCall.echo
            let refused = await Self.call(client, call, on: loops[0])
            #expect(throws: RPCError.self) { try refused.get() }
            let under = try await ServerUnderTest.start(port: port.number)
            #expect(try await Self.call(client, call, on: loops[1]).get() == [1])
            call.waitForReady = true
            #expect(try await Self.call(client, call, on: loops[0]).get() == [1])
            await under.server.stop()
        }
        try await group.shutdownGracefully()
    }

    private static func call(
        _ client: any TransportCore.Channel,
        _ call: OutgoingCall,
        on executor: LoopExecutor
    ) async -> Result<[UInt8], RPCError> {
        await Task(executorPreference: executor) {
            do throws(RPCError) {
                return .success(try await client.unary(call, [1]).message)
            } catch {
                return .failure(error)
            }
        }.value
    }

    @Test("a waiting call ends at its deadline")
    func waitForReadyDeadline() async throws {
        let port = try HeldPort()
        let resolver = FixedResolver([try port.address])
        try await withChannel(to: Self.name, Self.options(resolver)) { client in
            let call = OutgoingCall(
                method: "a.B/C",
                timeout: .milliseconds(100),
                waitForReady: true
            )
            let error = await failure { _ = try await client.unary(call, []) }
            #expect(error?.code == .deadlineExceeded)
        }
    }

    @Test("a name without addresses is UNAVAILABLE and does not keep the loop busy")
    func noAddresses() async throws {
        let resolver = FixedResolver([])
        let options = Self.options(resolver, backoff: .seconds(60))
        try await withChannel(to: Self.name, options) { client in
            var waiting = OutgoingCall(method: "a.B/C", timeout: .milliseconds(200))
            waiting.waitForReady = true
            async let late = failure { _ = try await client.unary(waiting, []) }
            let error = await failure { _ = try await client.unary(.echo, []) }
            #expect(error?.code == .unavailable)
            #expect(await late?.code == .deadlineExceeded)
            // Each event-loop channel in use makes one look-up.
            #expect(resolver.lookUps <= System.coreCount)
        }
    }

    @Test("a failed look-up is UNAVAILABLE, and is repeated")
    func failingResolver() async throws {
        try await ServerUnderTest.run { under in
            let address = try under.address
            let resolver = FixedResolver([address], failures: 2)
            let name = Self.name
            try await withChannel(to: name, Self.options(resolver), on: oneLoop) { client in
                let error = await failure { _ = try await client.unary(.echo, []) }
                #expect(error?.code == .unavailable)
                #expect(error?.message == "no such name")
                var call = OutgoingCall.echo
                call.waitForReady = true
                let reply = try await client.unary(call, [1])
                #expect(reply.message == [1])
                #expect(resolver.lookUps >= 3)
            }
        }
    }

    @Test("shutting down during a look-up ends the waiting calls")
    func shutdownWhileResolving() async throws {
        let resolver = HangingResolver()
        var options = HTTP2Transport.Options()
        options.resolver = resolver
        let transport = HTTP2Transport(
            group: .singleton,
            timeline: Timeline(ContinuousClock()),
            options: options
        )
        let client = transport.channel(to: Self.name)
        async let error = failure {
            var call = OutgoingCall.echo
            call.waitForReady = true
            _ = try await client.unary(call, [])
        }
        try await resolver.asked.wait()
        await transport.shutdown()
        #expect(await error == .shutDown)
        resolver.answer.open()
    }

    @Test("cancelled calls do not count among the waiting ones")
    func abandonedWaiters() async throws {
        try await Self.onLoopChannel { loopChannel in
            for _ in 0..<EventLoopChannel.waitingMax + 10 {
                let call = ClientCall(.echo, .stream(ResponseStream()), TransportLimits())
                loopChannel.start(call)
                call.abort(.clientCancelled)
            }
            let last = ClientCall(.echo, .stream(ResponseStream()), TransportLimits())
            loopChannel.start(last)
            #expect(!last.isOver)
            loopChannel.stop()
            #expect(last.end == .shutDown)
        }
    }

    @Test("waiting calls are bounded")
    func boundedWaiters() async throws {
        try await Self.onLoopChannel { loopChannel in
            let calls = (0...EventLoopChannel.waitingMax).map { _ in
                ClientCall(.echo, .stream(ResponseStream()), TransportLimits())
            }
            for call in calls { loopChannel.start(call) }
            #expect(calls.last?.end == .tooManyWaiting)
            #expect(calls.first?.isOver == false)
            loopChannel.stop()
            let open = calls.filter { !$0.isOver }
            #expect(open.isEmpty)
        }
    }

    @Test("a connection that has used up its stream ids is replaced, and no call is lost")
    func wornConnection() async throws {
        let peers = Notes<String>()
        let echo = RegisteredMethod(
            name: "test.Echo/Unary",
            kind: .unary,
            handler: .unary { call, message in
                peers.note(call.peer)
                return UnaryReply(message)
            }
        )
        try await ServerUnderTest.run([echo]) { under in
            var environment = try Self.environment(under.server.endpoint)
            environment.callsPerConnectionMax = 3
            let channel = GRPCChannel(group: oneLoop, resolver: SystemResolver(), environment)
            for number: UInt8 in 0..<20 {
                #expect(try await channel.unary(.echo, [number]).message == [number])
            }
            // Three calls a connection make seven of them; a port may come again once.
            #expect(Set(peers.events).count >= 6)
            channel.stop()
        }
    }

    // MARK: Helpers

    private static func echo(
        _ client: any TransportCore.Channel,
        _ message: [UInt8]
    ) async throws -> [UInt8] {
        try await client.unary(.echo, message).message
    }

    private static func options(
        _ resolver: any NameResolver,
        backoff: Duration = .milliseconds(20)
    ) -> HTTP2Transport.Options {
        var options = HTTP2Transport.Options()
        options.resolver = resolver
        options.backoff.initial = backoff
        options.backoff.maximum = backoff
        return options
    }

    private static func environment(_ endpoint: Endpoint) throws -> Subchannel.Environment {
        Subchannel.Environment(
            endpoint: endpoint,
            limits: TransportLimits(),
            backoff: ConnectionBackoff(),
            keepalive: Keepalive(),
            connectTimeout: .seconds(5),
            draw: { 0.5 }
        )
    }

    /// Runs `body` on the loop of an event-loop channel whose name is never resolved.
    private static func onLoopChannel(
        _ body: @escaping @Sendable (EventLoopChannel) -> Void
    ) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let resolver = HangingResolver()
        let loopChannel = EventLoopChannel(
            loop: loop,
            resolver: resolver,
            try self.environment(self.name)
        )
        try await loop.submit { body(loopChannel) }.get()
        resolver.answer.open()
    }
}

extension ServerUnderTest {
    var address: SocketAddress {
        get throws { try SocketAddress(ipAddress: "127.0.0.1", port: self.port) }
    }
}

/// Returns fixed addresses, after a number of failures.
final class FixedResolver: NameResolver {
    private struct State {
        var addresses: [SocketAddress]
        var failures: Int
        var lookUps = 0
    }

    private let state: Mutex<State>

    var lookUps: Int { self.state.withLock(\.lookUps) }

    init(_ addresses: [SocketAddress], failures: Int = 0) {
        self.state = Mutex(State(addresses: addresses, failures: failures))
    }

    func finds(_ addresses: [SocketAddress]) {
        self.state.withLock { $0.addresses = addresses }
    }

    func resolve(_ endpoint: Endpoint) async throws(RPCError) -> [SocketAddress] {
        let found: [SocketAddress]? = self.state.withLock { state in
            state.lookUps += 1
            state.failures -= 1
            return state.failures >= 0 ? nil : state.addresses
        }
        guard let found else { throw RPCError(.unavailable, "no such name") }
        return found
    }
}

/// Returns nothing until told to.
private final class HangingResolver: NameResolver {
    let asked = Gate()
    let answer = Gate()

    func resolve(_ endpoint: Endpoint) async throws(RPCError) -> [SocketAddress] {
        self.asked.open()
        await self.answer.hold()
        throw RPCError(.unavailable, "no such name")
    }
}
