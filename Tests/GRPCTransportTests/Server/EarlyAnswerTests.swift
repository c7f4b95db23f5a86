import NIOCore
import NIOEmbedded
import Testing
import TransportCore

@testable import GRPCTransport

/// A proxy gives the connection to the next caller as soon as it has the answer; a later reset
/// would hit that caller.
@Suite("An answer before the end of its request")
struct EarlyAnswerTests {
    @Test("leaves with its RST_STREAM in one write", arguments: ["/a.B/C", "/test.Echo/Stream"])
    func oneWrite(path: String) throws {
        let channel = try Self.channel()
        let fields = requestFields(path, path == "/a.B/C" ? [] : [("grpc-timeout", "0n")])
        try channel.writeInbound(ByteBuffer(bytes: Frame.headers(1, fields).bytes))
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        let writes = try Self.writes(channel)
        #expect(writes.count == 1)
        let reset = Frame.reset(1, 0).bytes
        #expect(writes.first?.suffix(reset.count) == reset[...])
    }

    @Test("has no RST_STREAM when the request's end came with its headers")
    func requestEnded() throws {
        let channel = try Self.channel()
        let request =
            Frame.headers(1, requestFields("/a.B/C")).bytes
            + Frame.data(1, [0, 0, 0, 0, 0], endStream: true).bytes
        try channel.writeInbound(ByteBuffer(bytes: request))
        let writes = try Self.writes(channel)
        #expect(writes.count == 1)
        #expect(writes.first?[3] == Frame.Kind.headers)
        let length = writes.first.map { Frame.number($0[0..<3]) }
        #expect(writes.first?.count == length.map { $0 + 9 })
    }

    /// A server's connection after the handshake.
    private static func channel() throws -> EmbeddedChannel {
        let environment = ServerConnection.Environment(
            router: try Router([.echo, .echoStream], policies: []),
            limits: TransportLimits(),
            timeline: Timeline(ContinuousClock())
        )
        let channel = EmbeddedChannel()
        let connection = ServerConnection(environment, channel: channel)
        try channel.pipeline.syncOperations.addHandler(connection)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let hello = RawConnection.preface + Frame.settings().bytes + Frame.settingsAck.bytes
        try channel.writeInbound(ByteBuffer(bytes: hello))
        _ = try Self.writes(channel)
        return channel
    }

    /// The bytes written since the last call, one element per write.
    private static func writes(_ channel: EmbeddedChannel) throws -> [[UInt8]] {
        channel.embeddedEventLoop.run()
        var writes: [[UInt8]] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            writes.append(Array(buffer.readableBytesView))
        }
        return writes
    }
}
