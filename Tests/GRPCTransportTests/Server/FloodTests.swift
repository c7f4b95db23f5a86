import Testing
import TransportCore

@testable import GRPCTransport

@Suite("A peer that floods", .timeLimit(.minutes(10)))
struct FloodTests {
    @Test("PINGs are answered with too_many_pings")
    func pings() async throws {
        try await self.expectCalm(debug: "too_many_pings") { peer in
            peer.post((0..<3_000).flatMap { Frame.ping(UInt8(truncatingIfNeeded: $0)).bytes })
        }
    }

    @Test("four PINGs are enough, and frames after them in the same read do not crash the server")
    func pingsBeforeRequests() async throws {
        try await self.expectCalm(debug: "too_many_pings") { peer in
            let pings = (0..<4).flatMap { _ in Frame.ping().bytes }
            let requests = (0..<5).flatMap { number -> [UInt8] in
                let stream = Int32(number * 2 + 1)
                return Frame.headers(stream, requestFields()).bytes
                    + Frame.message(stream, [UInt8](repeating: 1, count: 100), endStream: true)
                    .bytes
            }
            peer.post(pings + requests)
        }
    }

    @Test("SETTINGS are answered with ENHANCE_YOUR_CALM")
    func settings() async throws {
        try await self.expectCalm { $0.post(Self.repeated(.settings(), 3_000)) }
    }

    @Test("unsolicited SETTINGS acknowledgements end the connection")
    func settingsAcks() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            peer.post(Self.repeated(.settingsAck, 3_000))
            #expect(await peer.first(Frame.Kind.goAway) != nil)
            await peer.expectClosed()
        }
    }

    @Test("unsolicited PING acknowledgements are answered with ENHANCE_YOUR_CALM")
    func pingAcks() async throws {
        try await self.expectCalm { $0.post(Self.repeated(.pingAck(.ping()), 3_000)) }
    }

    @Test("empty DATA is answered with ENHANCE_YOUR_CALM")
    func emptyData() async throws {
        try await self.expectCalm { peer in
            let open = Frame.headers(1, requestFields("/test.Echo/Stream")).bytes
            peer.post(open + Self.repeated(.data(1, []), 4_000))
        }
    }

    @Test("DATA with only padding is answered with ENHANCE_YOUR_CALM")
    func paddedEmptyData() async throws {
        try await self.expectCalm { peer in
            let open = Frame.headers(1, requestFields("/test.Echo/Stream")).bytes
            peer.post(open + Self.repeated(.padded(1, [], padding: 0, endStream: false), 4_000))
        }
    }

    @Test("PRIORITY is answered with ENHANCE_YOUR_CALM")
    func priority() async throws {
        try await self.expectCalm { $0.post(Self.repeated(.priority(1), 3_000)) }
    }

    @Test(
        "frames of unknown types are answered with ENHANCE_YOUR_CALM",
        arguments: [0x42, 0xFF] as [UInt8]
    )
    func unknownFrames(kind: UInt8) async throws {
        try await self.expectCalm { $0.post(Self.repeated(Frame(kind: kind), 3_000)) }
    }

    @Test("WINDOW_UPDATEs are answered with ENHANCE_YOUR_CALM")
    func windowUpdates() async throws {
        try await self.expectCalm { $0.post(Self.repeated(.windowUpdate(0, 1), 3_000)) }
    }

    @Test("endless CONTINUATIONs close the connection")
    func continuations() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            let open = Frame.headers(1, requestFields(), endHeaders: false).bytes
            let more = Frame.continuation(1, headerBlock([("x-a", "b")]), end: false)
            peer.post(open + Self.repeated(more, 1_000))
            await peer.expectClosed()
        }
    }

    @Test("endlessly opening and resetting streams closes the connection")
    func rapidReset() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            // Many more than the 10,000 and 1,000 a second that are allowed, for a slow machine. What is
            // unread at the close may cost the peer the GOAWAY.
            peer.post(
                (0..<60_000).flatMap { number -> [UInt8] in
                    let stream = Int32(number * 2 + 1)
                    return Frame.headers(stream, requestFields("/test.Echo/Stream")).bytes
                        + Frame.reset(stream, 8).bytes
                }
            )
            await peer.expectClosed()
        }
    }

    @Test("cancelling thousands of calls is no flood, and the next call is answered")
    func tinyDeadlines() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            for number: Int32 in 0..<3_000 {
                let stream = number * 2 + 1
                try await peer.send(
                    .headers(stream, requestFields("/test.Echo/Stream")),
                    .reset(stream, 8)
                )
            }
            try await peer.send(
                .headers(6_001, requestFields()),
                .message(6_001, [1], endStream: true)
            )
            #expect(await peer.answer(6_001).grpcStatus == 0)
            peer.close()
        }
    }

    @Test("resets that the peer forces us to send count")
    func forcedResets() async throws {
        try await self.expectCalm { peer in
            peer.post(
                (0..<1_000).flatMap { number -> [UInt8] in
                    let stream = Int32(number * 2 + 1)
                    return Frame.headers(stream, requestFields("/test.Echo/Stream")).bytes
                        + Frame.windowUpdate(stream, 0x7FFF_FFFF).bytes
                }
            )
        }
    }

    @Test("endless malformed requests are answered with ENHANCE_YOUR_CALM")
    func malformedRequests() async throws {
        try await self.expectCalm { peer in
            peer.post(
                (0..<1_000).flatMap { number in
                    Frame.headers(Int32(number * 2 + 1), [("X", "y")], endStream: true).bytes
                }
            )
        }
    }

    @Test("an overflowing window ends the stream, or the connection")
    func windowOverflow() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            try await peer.send(
                .headers(1, requestFields("/test.Echo/Stream")),
                .windowUpdate(1, 0x7FFF_FFFF)
            )
            #expect(await peer.answer(1).reset == 3)
            try await peer.send(.windowUpdate(0, 0x7FFF_FFFF))
            #expect(await peer.first(Frame.Kind.goAway)?.goAwayCode == 3)
            await peer.expectClosed()
        }
    }

    @Test("four thousand DATA frames of a byte are no flood, but a call")
    func bytewiseData() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            let message = [UInt8](repeating: 7, count: 4_000)
            let bytes =
                Frame.headers(1, requestFields()).bytes
                + prefixed(message).flatMap { Frame.data(1, [$0]).bytes }
                + Frame.data(1, [], endStream: true).bytes
            peer.post(bytes)
            let answer = await peer.answer(1)
            #expect(answer.data == prefixed(message))
            #expect(answer.grpcStatus == 0)
            peer.close()
        }
    }

    /// HAProxy 2.6 gives credit 2.76 times per DATA frame, on the stream and on the connection.
    @Test("six WINDOW_UPDATEs per DATA frame are no flood")
    func creditInPieces() async throws {
        let talk = RegisteredMethod.streaming("test.Talk/Stream") { _, writer in
            while true { try await writer.send([UInt8](repeating: 7, count: 4_000)) }
        }
        try await ServerUnderTest.run([.echo, talk]) { under in
            let peer = try await under.connect()
            try await peer.send(.headers(1, requestFields("/test.Talk/Stream"), endStream: true))
            for _ in 0..<1_000 {
                let frame = try #require(await peer.first(Frame.Kind.data))
                peer.post(Self.credit(for: frame.payload.count, pieces: 6))
            }
            // DATA in transit to the reset stream may have used up the connection's window.
            try await peer.send(.reset(1, 8), .windowUpdate(0, 1 << 20))
            try await peer.send(.headers(3, requestFields()), .message(3, [1], endStream: true))
            #expect(await peer.answer(3).grpcStatus == 0)
            peer.close()
        }
    }

    private static func credit(for count: Int, pieces: Int) -> [UInt8] {
        (0..<pieces).flatMap { piece -> [UInt8] in
            let share = count * (piece + 1) / pieces - count * piece / pieces
            guard share > 0 else { return [] }
            return Frame.windowUpdate(0, share).bytes + Frame.windowUpdate(1, share).bytes
        }
    }

    @Test("resets after an early answer do not count against the peer")
    func earlyAnswers() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            for number: Int32 in 0..<500 {
                let stream = number * 2 + 1
                try await peer.send(.headers(stream, requestFields("/test.Echo/Nothing")))
                #expect(await peer.answer(stream).grpcStatus == 12)
            }
            peer.close()
        }
    }

    private static func repeated(_ frame: Frame, _ count: Int) -> [UInt8] {
        let bytes = frame.bytes
        return (0..<count).flatMap { _ in bytes }
    }

    private func expectCalm(
        debug: String = "too many frames without a call",
        _ flood: (RawConnection) -> Void
    ) async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            flood(peer)
            let goAway = await peer.first(Frame.Kind.goAway)
            #expect(goAway?.goAwayCode == 11)
            #expect(goAway?.debug == debug)
            await peer.expectClosed()
        }
    }
}
