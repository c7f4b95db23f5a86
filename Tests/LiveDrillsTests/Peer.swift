import NIOCore
import NIOPosix

/// An end of a TCP connection, whose events a test awaits.
final class Peer: Sendable {
    enum Event: Hashable, Sendable {
        case bytes(String)
        case closed
        case failed
    }

    let channel: any Channel
    private let events: AsyncStream<Event>

    init(_ channel: any Channel, _ events: AsyncStream<Event>) {
        self.channel = channel
        self.events = events
    }

    /// Connects to a port of loopback.
    static func connect(to port: Int, group: any EventLoopGroup) async throws -> Peer {
        let (events, sink) = AsyncStream.makeStream(of: Event.self)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EventHandler(sink))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return Peer(channel, events)
    }

    func send(_ text: String) async throws {
        try await self.channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// The next event, when there is one.
    func next() async -> Event? {
        var iterator = self.events.makeAsyncIterator()
        return await iterator.next()
    }

    /// Everything that is received until `count` bytes are there.
    func receive(_ count: Int) async -> String {
        var text = ""
        while text.utf8.count < count, case .bytes(let more)? = await self.next() { text += more }
        return text
    }
}

/// A server on loopback, whose connections a test awaits.
final class Listener: Sendable {
    private let channel: any Channel
    private let peers: AsyncStream<Peer>

    private init(_ channel: any Channel, _ peers: AsyncStream<Peer>) {
        self.channel = channel
        self.peers = peers
    }

    static func start(group: any EventLoopGroup) async throws -> Listener {
        let (peers, sink) = AsyncStream.makeStream(of: Peer.self)
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (events, eventSink) = AsyncStream.makeStream(of: Peer.Event.self)
                    try channel.pipeline.syncOperations.addHandler(EventHandler(eventSink))
                    sink.yield(Peer(channel, events))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return Listener(channel, peers)
    }

    var port: Int { self.channel.localAddress?.port ?? 0 }

    /// The next connection.
    func accept() async -> Peer? {
        var iterator = self.peers.makeAsyncIterator()
        return await iterator.next()
    }

    func close() async throws { try await self.channel.close() }
}

private final class EventHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let sink: AsyncStream<Peer.Event>.Continuation

    init(_ sink: AsyncStream<Peer.Event>.Continuation) { self.sink = sink }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.sink.yield(.bytes(String(buffer: self.unwrapInboundIn(data))))
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.sink.yield(.closed)
        self.sink.finish()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.sink.yield(.failed)
        context.close(promise: nil)
    }
}
