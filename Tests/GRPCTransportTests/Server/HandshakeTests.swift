import Testing

@testable import GRPCTransport

@Suite("A peer with a bad HTTP/2 handshake", .timeLimit(.minutes(10)))
struct HandshakeTests {
    @Test(
        "a wrong preface closes the connection",
        arguments: [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{FC}\u{3}\u{3}garbage garbage",
            String(repeating: "\0", count: 99),
        ]
    )
    func badPreface(text: String) async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.open()
            try await peer.write(Array(text.utf8))
            await peer.expectClosed()
        }
    }

    @Test("a first frame that is not SETTINGS closes the connection")
    func noSettingsFirst() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.open()
            try await peer.write(RawConnection.preface + Frame.ping().bytes)
            #expect(await peer.first(Frame.Kind.goAway)?.goAwayCode == 1)
            await peer.expectClosed()
        }
    }

    @Test("a frame over the maximum size closes the connection")
    func longFrame() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            let header: [UInt8] = [0xFF, 0xFF, 0xFF, Frame.Kind.data, 0, 0, 0, 0, 1]
            try await peer.write(header)
            #expect(await peer.first(Frame.Kind.goAway)?.goAwayCode == 6)
            await peer.expectClosed()
        }
    }

    @Test(
        "random bytes after the preface do no harm",
        arguments: 0..<20
    )
    func randomBytes(seed: UInt64) async throws {
        try await self.expectNoHarm { peer in
            try await peer.shakeHands()
            var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
            let noise = (0..<4_096).map { _ -> UInt8 in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return UInt8(truncatingIfNeeded: state)
            }
            try await peer.write(noise)
        }
    }

    @Test(
        "a request cut off at any byte does no harm",
        arguments: Array(stride(from: 1, to: 200, by: 9))
    )
    func cutOff(at cut: Int) async throws {
        try await self.expectNoHarm { peer in
            let request = Frame.headers(1, requestFields()).bytes + Frame.message(1, [1]).bytes
            let bytes = RawConnection.preface + Frame.settings().bytes + request
            try await peer.write(Array(bytes.prefix(cut)))
        }
    }

    /// Runs `body` with a peer that then leaves, and expects that the server forgets it and serves
    /// another on the connection that it had before.
    private func expectNoHarm(_ body: (RawConnection) async throws -> Void) async throws {
        // Longer than the test may take.
        try await ServerUnderTest.run(setting: .init(\.patience, .seconds(3_600))) { under in
            let other = try await under.connect()
            let peer = try await under.open()
            try await under.untilOpen(2)
            try await body(peer)
            peer.close()
            try await under.untilOpen(1)
            try await other.send(.headers(1, requestFields()), .message(1, [1], endStream: true))
            #expect(await other.answer(1).grpcStatus == 0)
            other.close()
        }
    }

    @Test("a silent peer is too slow")
    func silent() async throws {
        try await ServerUnderTest.run(setting: .init(\.patience, .milliseconds(1_000))) { under in
            let peer = try await under.open()
            #expect(await peer.first(Frame.Kind.goAway)?.debug == "too slow")
            await peer.expectClosed()
        }
    }

    @Test("a header block that never ends is too slow")
    func unfinishedBlock() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            try await peer.send(.headers(1, requestFields(), endHeaders: false))
            try await under.until { $0.driver?.inbox.isInHeaderBlock == true }
            try await under.losePatience(times: 2)
            #expect(await peer.first(Frame.Kind.goAway)?.debug == "too slow")
            await peer.expectClosed()
        }
    }

    @Test("an idle connection is not too slow")
    func resting() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            try await under.losePatience(times: 3)
            try await peer.send(.headers(1, requestFields()), .message(1, [1], endStream: true))
            #expect(await peer.answer(1).grpcStatus == 0)
            peer.close()
        }
    }

    @Test("a malformed header block does not count as unfinished")
    func malformedBlockIsOver() async throws {
        try await ServerUnderTest.run { under in
            let peer = try await under.connect()
            let fields = requestFields() + [("X-Upper", "a")]
            try await peer.send(.headers(1, fields, endStream: true))
            #expect(await peer.answer(1).reset == 1)
            try await under.losePatience(times: 3)
            try await peer.send(.headers(3, requestFields()), .message(3, [1], endStream: true))
            #expect(await peer.answer(3).grpcStatus == 0)
            peer.close()
        }
    }
}
