import Testing
import TransportCore

@testable import GRPCTransport

@Suite("A client whose server misbehaves", .timeLimit(.minutes(10)))
struct ClientAnswerTests {
    private static let head = [(":status", "200"), ("content-type", "application/grpc")]
    private static let ok = [("grpc-status", "0")]

    @Test("a valid answer is accepted")
    func proper() async throws {
        let result = try await self.call { stream in
            [
                .headers(stream, Self.head), .message(stream, [1, 2]),
                .headers(stream, Self.ok, endStream: true),
            ]
        }
        #expect(try result.get().message == [1, 2])
    }

    @Test("a 1xx head is skipped, and padded DATA of a byte each is accepted")
    func informational() async throws {
        let result = try await self.call { stream in
            let bytes = prefixed([1, 2]).map {
                Frame.padded(stream, [$0], padding: 3, endStream: false)
            }
            return [.headers(stream, [(":status", "103")]), .headers(stream, Self.head)] + bytes
                + [.headers(stream, Self.ok, endStream: true)]
        }
        #expect(try result.get().message == [1, 2])
    }

    @Test(
        "an HTTP answer maps to its status",
        arguments: [
            ("400", StatusCode.internalError), ("401", .unauthenticated),
            ("403", .permissionDenied),
            ("404", .unimplemented), ("429", .unavailable), ("503", .unavailable),
            ("200", .unknown),
            ("500", .unknown),
        ]
    )
    func http(status: String, code: StatusCode) async throws {
        let result = try await self.call { stream in
            [
                .headers(stream, [(":status", status), ("content-type", "text/html")]),
                .data(stream, [60, 62], endStream: true),
            ]
        }
        #expect(result.error?.code == code)
    }

    @Test(
        "incomplete or invalid trailers are UNKNOWN",
        arguments: [[], [("grpc-status", "99")], [("grpc-status", "two")], [("x", "y")]]
    )
    func badTrailers(trailers: [(String, String)]) async throws {
        let result = try await self.call { stream in
            [
                .headers(stream, Self.head), .message(stream, [1]),
                .headers(stream, trailers, endStream: true),
            ]
        }
        #expect(result.error?.code == .unknown)
    }

    @Test("DATA that ends the stream without a status is an error")
    func noTrailers() async throws {
        let result = try await self.call { stream in
            [.headers(stream, Self.head), .message(stream, [1], endStream: true)]
        }
        #expect(result.error?.code == .internalError)
    }

    @Test("a bad percent escape does not lose the code")
    func badEscape() async throws {
        let result = try await self.call { stream in
            let fields = Self.head + [("grpc-status", "9"), ("grpc-message", "5%zz")]
            return [.headers(stream, fields, endStream: true)]
        }
        #expect(result.error == RPCError(.failedPrecondition, "5%zz"))
    }

    @Test(
        "a reset maps to its status on a call",
        arguments: [
            (0, StatusCode.internalError), (1, .internalError), (8, .cancelled),
            (11, .resourceExhausted), (12, .permissionDenied), (99, .internalError),
        ]
    )
    func reset(code: Int, status: StatusCode) async throws {
        let result = try await self.call { [.reset($0, code)] }
        #expect(result.error?.code == status)
    }

    @Test("OK without a message is INTERNAL")
    func okWithoutMessage() async throws {
        let result = try await self.call { [.headers($0, Self.head + Self.ok, endStream: true)] }
        #expect(result.error?.code == .internalError)
    }

    @Test("two messages for a unary call are INTERNAL")
    func twoMessages() async throws {
        let result = try await self.call { stream in
            [
                .headers(stream, Self.head), .message(stream, [1]), .message(stream, [2]),
                .headers(stream, Self.ok, endStream: true),
            ]
        }
        #expect(result.error?.code == .internalError)
    }

    @Test("a truncated message is INTERNAL")
    func truncated() async throws {
        let result = try await self.call { stream in
            [
                .headers(stream, Self.head), .data(stream, [0, 0, 0, 0, 9, 1]),
                .headers(stream, Self.ok, endStream: true),
            ]
        }
        #expect(result.error?.code == .internalError)
    }

    @Test(
        "a message over the limit is RESOURCE_EXHAUSTED after its prefix, and the stream is reset"
    )
    func oversize() async throws {
        try await self.withPeer { client, server in
            async let result = Self.unary(client)
            let peer = try await server.acceptHTTP2()
            let stream = try await peer.request()
            try await peer.send(
                .headers(stream, Self.head),
                .data(stream, [0, 0x7F, 0xFF, 0xFF, 0xFF])
            )
            #expect(await result.error?.code == .resourceExhausted)
            #expect(await peer.first(Frame.Kind.reset)?.resetCode == 8)
        }
    }

    @Test("a compressed message is INTERNAL")
    func compressed() async throws {
        let result = try await self.call { stream in
            [.headers(stream, Self.head), .data(stream, prefixed([1], flag: 1))]
        }
        #expect(result.error?.code == .internalError)
    }

    @Test("headers over the limit are RESOURCE_EXHAUSTED")
    func largeHeaders() async throws {
        let result = try await self.call { stream in
            let many = (0..<300).map { ("x-\($0)", String(repeating: "x", count: 25)) }
            return [
                .headers(stream, Self.head), .message(stream, [1]),
                .headers(stream, Self.ok + many, endStream: true),
            ]
        }
        #expect(result.error?.code == .resourceExhausted)
    }

    @Test("a message after the trailers affects only its connection")
    func messageAfterTrailers() async throws {
        let result = try await self.call { stream in
            [
                .headers(stream, Self.head), .message(stream, [1]),
                .headers(stream, Self.ok, endStream: true), .message(stream, [2]),
            ]
        }
        #expect(try result.get().message == [1])
    }

    @Test("trailers without END_STREAM are an error")
    func trailersWithoutEnd() async throws {
        let result = try await self.call { stream in
            [.headers(stream, Self.head), .message(stream, [1]), .headers(stream, Self.ok)]
        }
        #expect(result.error?.code == .internalError)
    }

    @Test("DATA before HEADERS is an error")
    func dataFirst() async throws {
        let result = try await self.call { [.message($0, [1])] }
        #expect(result.error != nil)
    }

    @Test("endless headers are cut off by the deadline")
    func endlessHeaders() async throws {
        try await self.withPeer { client, server in
            let peer = try await Self.connect(client, server)
            async let result = Self.unary(client, timeout: .seconds(3))
            let stream = try await peer.request()
            try await peer.send(.headers(stream, Self.head, endHeaders: false))
            #expect(await result.error?.code == .deadlineExceeded)
        }
    }

    @Test("a missing answer ends at the deadline, and the stream is reset")
    func silence() async throws {
        try await self.withPeer { client, server in
            let peer = try await Self.connect(client, server)
            async let result = Self.unary(client, timeout: .seconds(3))
            let stream = try await peer.request()
            #expect(await result.error?.code == .deadlineExceeded)
            let reset = await peer.first(Frame.Kind.reset)
            #expect(reset?.stream == stream)
            #expect(reset?.resetCode == 8)
        }
    }

    @Test("a connection that closes during a call is UNAVAILABLE")
    func closed() async throws {
        try await self.withPeer { client, server in
            async let result = Self.unary(client)
            let peer = try await server.acceptHTTP2()
            let stream = try await peer.request()
            try await peer.send(.headers(stream, Self.head), .data(stream, [0, 0]))
            peer.close()
            #expect(await result.error?.code == .unavailable)
            #expect(await result.error?.wasNeverProcessed == false)
        }
    }

    @Test("cancelling the task cancels the call at the server")
    func cancel() async throws {
        try await self.withPeer { client, server in
            let task = Task { await Self.unary(client) }
            let peer = try await server.acceptHTTP2()
            _ = try await peer.request()
            task.cancel()
            #expect(await task.value.error?.code == .cancelled)
            #expect(await peer.first(Frame.Kind.reset)?.resetCode == 8)
        }
    }

    @Test("a server that stops reading blocks the sender, with a bounded buffer")
    func boundedSender() async throws {
        try await self.withPeer { client, server in
            let stream = try await client.open(
                OutgoingCall(method: "a.B/C", timeout: .milliseconds(1_300))
            )
            let peer = try await server.acceptHTTP2()
            let sent = await Self.sendUntilRefused(stream)
            // At most two windows: the peer's and ours.
            #expect(sent.bytes < 300_000)
            #expect(sent.error?.code == .deadlineExceeded)
            peer.close()
        }
    }

    @Test("a slow reader holds back the server's window, for empty messages too")
    func boundedReceiver() async throws {
        try await self.withPeer { client, server in
            let stream = try await client.open(
                OutgoingCall(method: "a.B/C", timeout: .seconds(300))
            )
            let peer = try await server.acceptHTTP2()
            let id = try await peer.request()
            try await peer.send(.headers(id, Self.head))
            let empties = [UInt8](repeating: 0, count: 16_000)
            for _ in 0..<16 { try await peer.send(.data(id, empties)) }
            try await peer.send(.ping())
            var given = 0
            while let frame = await peer.next(), frame.kind != Frame.Kind.ping {
                let isUpdate = frame.kind == Frame.Kind.windowUpdate && frame.stream == id
                if isUpdate { given += Frame.number(frame.payload[...]) }
            }
            #expect(given < ReceiveCredit.unreadLowWater)
            try await peer.send(.headers(id, Self.ok, endStream: true))
            var count = 0
            while let message = try await stream.next() { count += message.isEmpty ? 1 : 0 }
            #expect(count == 51_200)
        }
    }

    @Test("an ended stream leaves nothing in memory")
    func noLeak() async throws {
        weak var call: ClientCall?
        try await self.withPeer { client, server in
            do {
                let stream = try await client.open(
                    OutgoingCall(method: "a.B/C", timeout: .seconds(300))
                )
                let peer = try await server.acceptHTTP2()
                let id = try await peer.request()
                call = stream.clientCall
                #expect(call != nil)
                try await peer.send(.headers(id, Self.head + Self.ok, endStream: true))
                #expect(try await stream.next() == nil)
                stream.cancel()
                peer.close()
                await peer.expectClosed()
            }
        }
        while call != nil {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    // MARK: Helpers

    /// A connection that has answered a call, so that the next one is sent at once.
    private static func connect(
        _ client: any TransportCore.Channel,
        _ server: RawServer
    ) async throws -> RawConnection {
        async let first = Self.unary(client)
        let peer = try await server.acceptHTTP2()
        let stream = try await peer.request()
        try await peer.send(.headers(stream, Self.head + Self.ok, endStream: true))
        _ = await first
        return peer
    }

    /// The result of a unary call answered with `answer`.
    private func call(_ answer: (Int32) -> [Frame]) async throws -> Result<UnaryReply, RPCError> {
        var outcome = Result<UnaryReply, RPCError>.failure(RPCError(.unknown, "no outcome"))
        try await self.withPeer { client, server in
            async let result = Self.unary(client)
            let peer = try await server.acceptHTTP2()
            let stream = try await peer.request()
            try await peer.write(answer(stream).flatMap(\.bytes))
            outcome = await result
            peer.close()
        }
        return outcome
    }

    private func withPeer(
        _ body: (any TransportCore.Channel, RawServer) async throws -> Void
    ) async throws {
        let server = try await RawServer()
        defer { server.close() }
        try await withChannel(to: server.endpoint, on: oneLoop) { try await body($0, server) }
    }

    private static func unary(
        _ client: any TransportCore.Channel,
        timeout: Duration = .seconds(15)
    ) async -> Result<UnaryReply, RPCError> {
        do throws(RPCError) {
            return .success(
                try await client.unary(OutgoingCall(method: "a.B/C", timeout: timeout), [1])
            )
        } catch {
            return .failure(error)
        }
    }

    private static func sendUntilRefused(
        _ stream: ClientStream
    ) async -> (bytes: Int, error: RPCError?) {
        var sent = 0
        do throws(RPCError) {
            while true {
                try await stream.send([UInt8](repeating: 1, count: 10_000))
                sent += 10_000
            }
        } catch {
            return (sent, error)
        }
    }
}

extension ClientStream {
    /// The call behind the stream, found by reflection.
    fileprivate var clientCall: ClientCall? {
        let sinks = Mirror(reflecting: self).children.compactMap { $0.value as? ClientStreamSink }
        return sinks.first?.handle.call
    }
}

extension Result {
    var error: Failure? { if case .failure(let error) = self { error } else { nil } }
}
