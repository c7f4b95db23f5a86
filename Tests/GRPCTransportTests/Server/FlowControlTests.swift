import NIOCore
import Synchronization
import TestSupport
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Flow control, slow readers and the stream limit", .timeLimit(.minutes(10)))
struct FlowControlTests {
    private static let closedWindow = Frame.settings([(id: 4, value: 0)])

    @Test("a closed window holds back DATA, but not an error")
    func closedWindow() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect(Self.closedWindow)
            try await peer.send(.headers(1, requestFields()), .message(1, [1], endStream: true))
            let headers = await peer.first { $0.stream == 1 }
            #expect(headers?.kind == Frame.Kind.headers)
            try await peer.send(.headers(3, requestFields("/a.B/C"), endStream: true))
            let next = await peer.first { $0.stream != 0 }
            #expect(next?.stream == 3)
            try await peer.send(.windowUpdate(1, 100))
            #expect(await peer.answer(1).data == prefixed([1]))
            peer.close()
        }
    }

    @Test("a writer whose caller does not read waits with a bounded buffer, and resumes with room")
    func boundedWriter() async throws {
        let written = Mutex(0)
        let many = RegisteredMethod.streaming("test.Echo/Many") { _, writer in
            for _ in 0..<100 {
                try await writer.send([UInt8](repeating: 1, count: 10_000))
                written.withLock { $0 += 1 }
            }
            return [:]
        }
        try await ServerUnderTest.run([.echo, many]) { under in
            let peer = try await under.connect(Self.closedWindow)
            try await peer.send(.headers(1, requestFields("/test.Echo/Many"), endStream: true))
            try await under.until { !($0.streams[1]?.writers.isEmpty ?? true) }
            #expect(written.withLock { $0 } < 10)
            try await peer.send(.windowUpdate(0, 2_000_000), .windowUpdate(1, 2_000_000))
            #expect(await peer.answer(1).data.count == 100 * 10_005)
            #expect(written.withLock { $0 } == 100)
            peer.close()
        }
    }

    @Test("a reset releases a waiting writer and its handler")
    func resetFreesWriter() async throws {
        let outcome = Mutex<RPCError?>(nil)
        let ended = Gate()
        let many = RegisteredMethod.streaming("test.Echo/Many") { _, writer in
            do {
                while true { try await writer.send([UInt8](repeating: 1, count: 10_000)) }
            } catch let error as RPCError {
                outcome.withLock { $0 = error }
            }
            ended.open()
            return [:]
        }
        try await ServerUnderTest.run([.echo, many]) { under in
            let peer = try await under.connect(Self.closedWindow)
            try await peer.send(.headers(1, requestFields("/test.Echo/Many"), endStream: true))
            try await under.until { !($0.streams[1]?.writers.isEmpty ?? true) }
            try await peer.send(.reset(1, 8))
            try await ended.wait()
            #expect(outcome.withLock { $0?.code } == .cancelled)
            peer.close()
        }
    }

    @Test("a reset cancels the handler, and the connection serves on")
    func resetCancels() async throws {
        try await Self.withWaitingCall { under, peer, cancelled in
            try await peer.send(.reset(1, 8))
            try await cancelled.wait()
            try await peer.send(.headers(3, requestFields()), .message(3, [1], endStream: true))
            #expect(await peer.answer(3).grpcStatus == 0)
            peer.close()
        }
    }

    @Test("a closed connection cancels the handler, and is forgotten")
    func closingCancels() async throws {
        try await Self.withWaitingCall { under, peer, cancelled in
            let connection = try #require(under.server.openConnections.first)
            peer.close()
            try await cancelled.wait()
            try await connection.finished.get()
            #expect(under.server.openConnections.isEmpty)
        }
    }

    /// Runs `body` with a peer whose call on stream 1 runs until it is cancelled.
    private static func withWaitingCall(
        _ body: (ServerUnderTest, RawConnection, Gate) async throws -> Void
    ) async throws {
        let cancelled = Gate()
        let waiting = RegisteredMethod.unary("test.Wait/Unary") { _ in
            await untilCancelled()
            cancelled.open()
            return UnaryReply([])
        }
        try await ServerUnderTest.run([.echo, waiting]) { under in
            let peer = try await under.connect()
            try await peer.send(
                .headers(1, requestFields("/test.Wait/Unary")),
                .message(1, [], endStream: true)
            )
            try await under.untilRunning(1)
            try await body(under, peer, cancelled)
        }
    }

    @Test("the deadline releases a finished answer that its caller does not read")
    func deadlineOfUnreadAnswer() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect(Self.closedWindow)
            let fields = requestFields("/test.Echo/Unary", [("grpc-timeout", "700m")])
            try await peer.send(.headers(1, fields), .message(1, [1], endStream: true))
            #expect(await peer.first(Frame.Kind.reset)?.resetCode == 8)
            peer.close()
        }
    }

    @Test("a peer that never reads its socket does not hold up the others")
    func deafPeer() async throws {
        try await ServerUnderTest.run { under in
            let deaf = try await under.connect()
            try await deaf.channel.setOption(.autoRead, value: false).get()
            let request = [UInt8](repeating: 1, count: 60_000)
            for number: Int32 in 0..<100 {
                let stream = number * 2 + 1
                deaf.post(
                    Frame.headers(stream, requestFields()).bytes + Self.pieces(request, on: stream)
                )
            }
            for _ in 0..<3 {
                let reply = try await under.withClient { try await $0.unary(.echo, [1]) }
                #expect(reply.message == [1])
            }
            deaf.close()
        }
    }

    @Test("unread empty messages are bounded")
    func emptyMessages() async throws {
        let gate = Gate()
        let sleeper = RegisteredMethod.streaming("test.Echo/Sleep") { _, _ in
            try await gate.wait()
            return [:]
        }
        try await ServerUnderTest.run([.echo, sleeper]) { under in
            defer { gate.open() }
            let peer = try await under.connect()
            try await peer.send(.headers(1, requestFields("/test.Echo/Sleep")))
            // A window full of prefixes, then a call on another stream: any credit would come
            // before its answer.
            let empties = [UInt8](repeating: 0, count: 16_000)
            for _ in 0..<16 { try await peer.send(.data(1, empties)) }
            try await peer.send(.headers(3, requestFields()), .message(3, [1], endStream: true))
            var given = 0
            while let frame = await peer.next(), frame.stream != 3 || !frame.endsStream {
                let isUpdate = frame.kind == Frame.Kind.windowUpdate && frame.stream == 1
                if isUpdate { given += Frame.number(frame.payload[...]) }
            }
            #expect(given < ReceiveCredit.unreadLowWater)
            gate.open()
            #expect(await peer.answer(1).grpcStatus == 0)
            peer.close()
        }
    }

    @Test("a stream over the limit is refused and its handler never runs")
    func streamLimit() async throws {
        try await ServerUnderTest.run(setting: .init(\.settings.streamsMax, 5)) { under in
            let peer = try await RawConnection.open(port: under.port)
            // Before the SETTINGS are acknowledged the client may not know the limit:
            // REFUSED_STREAM.
            try await peer.write(RawConnection.preface + Frame.settings().bytes)
            for number: Int32 in 0..<6 {
                try await peer.send(.headers(number * 2 + 1, requestFields("/test.Echo/Stream")))
            }
            let reset = await peer.first(Frame.Kind.reset)
            #expect(reset?.stream == 11)
            #expect(reset?.resetCode == 7)
            // Afterwards it is an error of the connection.
            try await peer.send(.settingsAck, .headers(13, requestFields("/test.Echo/Stream")))
            #expect(await peer.first(Frame.Kind.goAway)?.goAwayCode == 1)
            await peer.expectClosed()
        }
    }

    @Test("handlers of reset streams still count against the bound")
    func boundedHandlers() async throws {
        let gate = Gate()
        try await ServerUnderTest.run(
            [.echo, .stubborn(until: gate)],
            setting: .init(\.handlersMax, 10)
        ) { under in
            defer { gate.open() }
            let peer = try await under.connect()
            for number: Int32 in 0..<10 {
                let stream = number * 2 + 1
                try await peer.send(
                    .headers(stream, requestFields("/test.Wait/Unary")),
                    .message(stream, [], endStream: true)
                )
                try await under.untilRunning(Int(number) + 1)
                try await peer.send(.reset(stream, 8))
            }
            try await peer.send(.headers(21, requestFields("/test.Wait/Unary")))
            #expect(await peer.answer(21).reset == 7)
            gate.open()
            try await under.until { $0.runningHandlers == 0 }
            try await peer.send(.headers(23, requestFields()), .message(23, [1], endStream: true))
            #expect(await peer.answer(23).grpcStatus == 0)
            peer.close()
        }
    }

    @Test("a request of twenty windows arrives")
    func largeUpload() async throws {
        try await ServerUnderTest.run(setting: .init(\.limits.messageBytesMax, 6_000_000)) {
            under in
            let limits = TransportLimits(messageBytesMax: 6_000_000)
            let message = [UInt8](repeating: 3, count: 5_300_000)
            let reply = try await withChannel(to: under.server.endpoint, limits: limits) { client in
                try await client.unary(.echo, message)
            }
            #expect(reply.message == message)
        }
    }

    private static func pieces(_ message: [UInt8], on stream: Int32) -> [UInt8] {
        var rest = prefixed(message)[...]
        var bytes: [UInt8] = []
        while !rest.isEmpty {
            let piece = Array(rest.prefix(16_384))
            rest = rest.dropFirst(piece.count)
            bytes += Frame.data(stream, piece, endStream: rest.isEmpty).bytes
        }
        return bytes
    }
}

extension TransportLimits {
    init(messageBytesMax: Int) {
        self.init()
        self.messageBytesMax = messageBytesMax
    }
}
