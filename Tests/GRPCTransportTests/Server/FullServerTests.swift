import Testing
import TransportCore

@testable import GRPCTransport

/// Tests with all connections in use and a new one arriving.
@Suite("A full server", .timeLimit(.minutes(10)))
struct FullServerTests {
    private static var three: EnvironmentSetting { .init(\.connectionsMax, 3) }

    @Test("serves a new client, however many silent connections there are")
    func silent() async throws {
        try await ServerUnderTest.run(setting: Self.three) { under in
            var peers: [RawConnection] = []
            for _ in 0..<20 { peers.append(try await under.open()) }
            let reply = try await under.withClient { try await $0.unary(.echo, [1]) }
            #expect(reply.message == [1])
            for peer in peers { peer.close() }
        }
    }

    @Test("sends GOAWAY to the longest idle connection, and keeps the one with a call")
    func longestIdle() async throws {
        try await ServerUnderTest.run(setting: Self.three) { under in
            let busy = try await under.connect()
            try await busy.send(.headers(1, requestFields("/test.Echo/Stream")))
            var idle: [RawConnection] = []
            for _ in 0..<2 {
                let peer = try await under.connect()
                try await peer.send(.headers(1, requestFields()), .message(1, [1], endStream: true))
                #expect(await peer.answer(1).grpcStatus == 0)
                idle.append(peer)
            }
            let goAway = await idle[0].first(Frame.Kind.goAway)
            #expect(goAway?.goAwayCode == 0)
            #expect(goAway?.lastStream == 1)
            await idle[0].expectClosed()
            try await busy.send(.message(1, [3], endStream: true))
            #expect(await busy.answer(1).grpcStatus == 0)
            for peer in [busy, idle[1]] { peer.close() }
        }
    }
}
