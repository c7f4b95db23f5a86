import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

/// A TCP connection that carries exactly the bytes that a test writes.
///
/// It closes itself after ``lifetime``, so that a missing frame, or a peer that stays, fails its test
/// instead of hanging it.
final class RawConnection {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    static let lifetime = TimeAmount.minutes(5)

    let channel: any NIOCore.Channel
    private let handler: RawArrivals
    private var arrivals: AsyncStream<[UInt8]>.Iterator
    private var unread: [UInt8] = []
    private let headers = HeaderReader()

    init(
        _ channel: any NIOCore.Channel,
        _ handler: RawArrivals,
        _ arrivals: AsyncStream<[UInt8]>
    ) {
        self.channel = channel
        self.handler = handler
        self.arrivals = arrivals.makeAsyncIterator()
    }

    /// Opens a connection without sending anything.
    static func open(
        port: Int,
        tls: NIOSSLContext? = nil
    ) async throws -> RawConnection {
        let (stream, arrival) = AsyncStream.makeStream(of: [UInt8].self)
        let arrivals = RawArrivals(arrival)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: nil)
                        try pipeline.addHandler(handler)
                    }
                    try pipeline.addHandler(arrivals)
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        return RawConnection(channel, arrivals, stream)
    }

    /// Sends the preface and SETTINGS, and waits until ours are acknowledged.
    func shakeHands(_ settings: Frame = .settings()) async throws {
        try await self.write(Self.preface + settings.bytes + Frame.settingsAck.bytes)
        while let frame = await self.next() {
            if frame.kind == Frame.Kind.settings, frame.flags & Frame.Flag.ack != 0 { return }
        }
        throw RawFailure.noHandshake
    }

    func write(_ bytes: [UInt8]) async throws {
        try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Writes without waiting for the socket.
    func post(_ bytes: [UInt8]) {
        self.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func send(_ frames: Frame...) async throws { try await self.write(frames.flatMap(\.bytes)) }

    func close() { self.channel.close(promise: nil) }

    /// Waits for the next frame; nil when the peer has closed.
    func next() async -> Frame? {
        while true {
            if let frame = self.takeFrame() { return frame }
            guard let bytes = await self.arrivals.next(isolation: #isolation) else { return nil }
            self.unread += bytes
        }
    }

    /// Waits for the first frame that `isWanted`; drops those before it.
    func first(where isWanted: (Frame) -> Bool) async -> Frame? {
        while let frame = await self.next() {
            if isWanted(frame) { return frame }
        }
        return nil
    }

    func first(_ kind: UInt8) async -> Frame? { await self.first { $0.kind == kind } }

    /// Waits for the next `count` bytes; returns fewer when the peer closes.
    func take(_ count: Int) async -> [UInt8] {
        while self.unread.count < count {
            guard let bytes = await self.arrivals.next(isolation: #isolation) else { break }
            self.unread += bytes
        }
        let part = Array(self.unread.prefix(count))
        self.unread.removeFirst(part.count)
        return part
    }

    /// Reads all bytes until the peer closes.
    func rest() async -> [UInt8] {
        while let bytes = await self.arrivals.next(isolation: #isolation) { self.unread += bytes }
        defer { self.unread = [] }
        return self.unread
    }

    /// Drops all frames and expects that the peer closes.
    func expectClosed(at location: SourceLocation = #_sourceLocation) async {
        while await self.next() != nil {}
        #expect(!self.handler.isOverdue, "the peer has not closed", sourceLocation: location)
    }

    /// Reads the answer on `stream` to its last frame.
    func answer(_ stream: Int32) async -> RawAnswer {
        var answer = RawAnswer()
        while let frame = await self.next() {
            guard frame.stream == stream else { continue }
            switch frame.kind {
            case Frame.Kind.headers: answer.blocks.append(frame.fields)
            case Frame.Kind.data: answer.data += frame.payload
            case Frame.Kind.reset: answer.reset = frame.resetCode
            default: continue
            }
            if frame.endsStream || answer.reset != nil { return answer }
        }
        answer.isCutOff = true
        return answer
    }

    private func takeFrame() -> Frame? {
        guard self.unread.count >= 9 else { return nil }
        let count = Frame.number(self.unread[0..<3])
        guard self.unread.count >= 9 + count else { return nil }
        var frame = Frame(
            kind: self.unread[3],
            flags: self.unread[4],
            stream: Int32(truncatingIfNeeded: Frame.number(self.unread[5..<9]) & 0x7FFF_FFFF),
            payload: Array(self.unread[9..<9 + count])
        )
        self.unread.removeFirst(9 + count)
        // Each block must be decoded, because the HPACK table carries over.
        if frame.kind == Frame.Kind.headers { frame.fields = self.headers.read(frame.payload) }
        return frame
    }
}

enum RawFailure: Error {
    case noHandshake
    case noConnection
    case noAnswer
}

/// The answer on one stream.
struct RawAnswer {
    var blocks: [[(name: String, value: String)]] = []
    var data: [UInt8] = []
    var reset: Int?

    /// True when the connection closed before the answer ended.
    var isCutOff = false

    subscript(_ name: String) -> String? {
        for block in self.blocks {
            for field in block where field.name == name { return field.value }
        }
        return nil
    }

    var grpcStatus: Int? { self["grpc-status"].flatMap { Int($0) } }
}

/// Passes the bytes of a socket to a stream, and bounds the socket's life.
final class RawArrivals: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let arrival: AsyncStream<[UInt8]>.Continuation
    private let overdue = Atomic(false)

    /// True when the socket was closed at the end of its life.
    var isOverdue: Bool { self.overdue.load(ordering: .relaxed) }

    init(_ arrival: AsyncStream<[UInt8]>.Continuation) { self.arrival = arrival }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        let end = context.eventLoop.scheduleTask(in: RawConnection.lifetime) {
            self.overdue.store(true, ordering: .relaxed)
            channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { _ in end.cancel() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.arrival.yield(Array(self.unwrapInboundIn(data).readableBytesView))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { self.arrival.finish() }
}
