import NIOCore
import TestSupport
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Draining and stopping a server", .timeLimit(.minutes(10)))
struct DrainTests {
    @Test("a drain sends two GOAWAYs: for all streams, then with the last one processed")
    func twoGoAways() async throws {
        let gate = Gate()
        try await ServerUnderTest.run([.echo, .waiting(for: gate)]) { under in
            let peer = try await under.connect()
            try await peer.send(
                .headers(1, requestFields("/test.Wait/Unary")),
                .message(1, [1], endStream: true)
            )
            try await under.untilRunning(1)
            async let drained: Void = under.server.drain()
            let notice = await peer.first(Frame.Kind.goAway)
            #expect(notice?.lastStream == 0x7FFF_FFFF)
            #expect(notice?.goAwayCode == 0)
            let ping = try #require(await peer.first(Frame.Kind.ping))
            // A request sent before the notice arrived is still served.
            try await peer.send(.headers(3, requestFields()), .message(3, [3], endStream: true))
            #expect(await peer.answer(3).grpcStatus == 0)
            try await peer.send(.pingAck(ping))
            let final = await peer.first(Frame.Kind.goAway)
            #expect(final?.lastStream == 3)
            gate.open()
            #expect(await peer.answer(1).grpcStatus == 0)
            await peer.expectClosed()
            await drained
        }
    }

    @Test("a peer that does not answer the ping still gets the second GOAWAY")
    func noPingAnswer() async throws {
        try await ServerUnderTest.run(setting: .init(\.drainNotice, .milliseconds(20))) { under in
            let peer = try await under.connect()
            async let drained: Void = under.server.drain()
            #expect(await peer.first(Frame.Kind.goAway)?.lastStream == 0x7FFF_FFFF)
            #expect(await peer.first(Frame.Kind.goAway)?.lastStream == 0)
            await peer.expectClosed()
            await drained
        }
    }

    @Test("a drain refuses new connections")
    func noNewConnection() async throws {
        let under = try await ServerUnderTest.start()
        await under.server.drain()
        await #expect(throws: (any Error).self) { _ = try await under.open() }
        await under.server.drain()
        await under.server.stop()
    }

    @Test("a socket that fails before it is active does not delay the drain")
    func neverActive() async throws {
        // Longer than the test may take.
        let notice = EnvironmentSetting(\.drainNotice, .seconds(3_600))
        let under = try await ServerUnderTest.start(setting: notice)
        for _ in 0..<50 {
            let peer = try await under.open()
            peer.close()
        }
        await under.server.drain()
        #expect(under.server.openConnections.isEmpty)
        #expect(!under.server.isListening)
    }

    @Test("stopping cancels the handlers and waits for them")
    func stop() async throws {
        let cancelled = Gate()
        let stubborn = RegisteredMethod.unary("test.Wait/Unary") { _ in
            await untilCancelled()
            cancelled.open()
            return UnaryReply([])
        }
        let under = try await ServerUnderTest.start([stubborn])
        let peer = try await under.connect()
        try await peer.send(
            .headers(1, requestFields("/test.Wait/Unary")),
            .message(1, [], endStream: true)
        )
        try await under.untilRunning(1)
        await under.server.stop()
        #expect(cancelled.isOpen)
        await peer.expectClosed()
    }

    @Test("stopping ends a drain that is waiting for a call")
    func stopDuringDrain() async throws {
        let under = try await ServerUnderTest.start([.waiting(for: Gate())])
        let peer = try await under.connect()
        try await peer.send(
            .headers(1, requestFields("/test.Wait/Unary")),
            .message(1, [], endStream: true)
        )
        try await under.untilRunning(1)
        async let drained: Void = under.server.drain()
        _ = await peer.first(Frame.Kind.goAway)
        async let stopped: Void = under.server.stop()
        #expect(await peer.answer(1).isCutOff)
        await peer.expectClosed()
        await drained
        await stopped
    }

    @Test("the caller of a stopped server sees UNAVAILABLE")
    func callersOfStopped() async throws {
        let gate = Gate()
        let under = try await ServerUnderTest.start([.waiting(for: gate)])
        try await under.withClient { client in
            async let error = failure {
                let call = OutgoingCall(method: "test.Wait/Unary", timeout: .seconds(300))
                _ = try await client.unary(call, [])
            }
            try await under.untilRunning(1)
            async let stopped: Void = under.server.stop()
            #expect(await error?.code == .unavailable)
            gate.open()
            await stopped
        }
    }

    @Test("an old connection is drained, then closed after its grace")
    func age() async throws {
        let gate = Gate()
        try await ServerUnderTest.run([.echo, .waiting(for: gate)]) { under in
            let peer = try await under.connect()
            try await peer.send(
                .headers(1, requestFields("/test.Wait/Unary")),
                .message(1, [], endStream: true)
            )
            try await under.untilRunning(1)
            let connection = try #require(under.server.openConnections.first)
            try await connection.loop.submit { connection.grewOld(grace: .milliseconds(50)) }.get()
            #expect(await peer.first(Frame.Kind.goAway)?.lastStream == 0x7FFF_FFFF)
            await peer.expectClosed()
            gate.open()
        }
    }

    @Test("a connection with a maximum age closes by itself")
    func agesByItself() async throws {
        let age = ConnectionAge(maximum: .milliseconds(10), grace: .zero)
        let under = try await ServerUnderTest.start(setting: .init(\.age, age))
        let peer = try await under.open()
        // On a busy machine the connection may be closed before this is written.
        try? await peer.write(RawConnection.preface + Frame.settings().bytes)
        await peer.expectClosed()
        await under.server.stop()
    }

    @Test("a drain does not wait out the longer notice of an aged connection")
    func oldConnectionDrains() async throws {
        try await ServerUnderTest.run(setting: .init(\.drainNotice, .milliseconds(20))) { under in
            let peer = try await under.connect()
            let connection = try #require(under.server.openConnections.first)
            try await connection.loop.submit { connection.grewOld(grace: .seconds(600)) }.get()
            #expect(await peer.first(Frame.Kind.goAway)?.lastStream == 0x7FFF_FFFF)
            async let drained: Void = under.server.drain()
            #expect(await peer.first(Frame.Kind.goAway)?.lastStream == 0)
            await peer.expectClosed()
            await drained
        }
    }

    /// A call per round meets at most one GOAWAY.
    @Test("calls and streams that race with a connection's age are all answered")
    func ageCostsNoCall() async throws {
        try await ServerUnderTest.run { under in
            try await under.withClient { client in
                for _ in 0..<30 {
                    try await withThrowingTaskGroup { group in
                        for number: UInt8 in 0..<8 {
                            group.addTask {
                                let reply = try await client.unary(.echo, [number])
                                #expect(reply.message == [number])
                            }
                            group.addTask { try await Self.echoStream(client, [number]) }
                        }
                        for connection in under.server.openConnections {
                            connection.onLoop { $0.grewOld(grace: .seconds(60)) }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }
    }

    private static func echoStream(
        _ client: any TransportCore.Channel,
        _ message: [UInt8]
    ) async throws {
        let stream = try await client.open(.echoStream)
        try await stream.send(message)
        stream.finishSending()
        let (echo, end) = (try await stream.next(), try await stream.next())
        #expect(echo == message)
        #expect(end == nil)
    }

    @Test("a GOAWAY from a client ends its connection when its calls have ended")
    func clientGoAway() async throws {
        let gate = Gate()
        try await ServerUnderTest.run([.echo, .waiting(for: gate)]) { under in
            let peer = try await under.connect()
            try await peer.send(
                .headers(1, requestFields("/test.Wait/Unary")),
                .message(1, [], endStream: true),
                .goAway(last: 0)
            )
            try await under.untilRunning(1)
            gate.open()
            #expect(await peer.answer(1).grpcStatus == 0)
            await peer.expectClosed()
        }
    }

    @Test("a GOAWAY with an odd last stream ends this connection and no other")
    func oddGoAway() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            let other = try await under.connect()
            try await peer.send(.goAway(last: 1))
            await peer.expectClosed()
            try await other.send(.headers(1, requestFields()), .message(1, [1], endStream: true))
            #expect(await other.answer(1).grpcStatus == 0)
            other.close()
        }
    }
}
