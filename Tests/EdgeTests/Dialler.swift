import NIOCore
import NIOPosix

/// Opens raw connections to a server under test.
struct Dialler: Sendable {
    let port: Int

    func connect<Result: Sendable>(
        _ body: @Sendable (Line) async throws -> Result
    ) async throws -> Result {
        let line = try await self.open()
        defer { line.channel.close(promise: nil) }
        return try await body(line)
    }

    func open() async throws -> Line {
        let (bytes, arrival) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.pipeline.addHandler(Listener(arrival: arrival))
            }
            .connect(host: "127.0.0.1", port: self.port)
            .get()
        return Line(channel: channel, bytes: bytes)
    }

    /// Sends `text` unchanged and reads until the server closes.
    func exchange(_ text: String) async throws -> String {
        try await self.connect { line in
            try await line.send(text)
            return try await line.receiveAll()
        }
    }

    /// Sends a request that ends its connection.
    func ask(
        _ start: String,
        _ headers: [String] = [],
        body: String? = nil
    ) async throws -> Answer {
        var lines = ["\(start) HTTP/1.1", "Host: edge", "Connection: close"] + headers
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
        return Answer(try await self.exchange(text))
    }
}

/// A raw connection.
struct Line: Sendable {
    let channel: any Channel
    let bytes: AsyncStream<ByteBuffer>

    func send(_ text: String) async throws {
        try await self.channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// Closes the output and keeps reading.
    func hangUp() async throws {
        try await self.channel.close(mode: .output)
    }

    func receive(until end: String) async throws -> String {
        var received = ""
        for await buffer in self.bytes {
            received += String(buffer: buffer)
            if received.contains(end) { break }
        }
        return received
    }

    func receiveAll() async throws -> String {
        var received = ""
        for await buffer in self.bytes { received += String(buffer: buffer) }
        return received
    }
}

private final class Listener: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let arrival: AsyncStream<ByteBuffer>.Continuation

    init(arrival: AsyncStream<ByteBuffer>.Continuation) {
        self.arrival = arrival
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.arrival.yield(Self.unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { self.arrival.finish() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.arrival.finish()
    }
}

/// The parts of a response.
struct Answer: Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    var status: String { String(self.text.dropFirst("HTTP/1.1 ".count).prefix(3)) }

    var body: String {
        guard let range = self.text.firstRange(of: "\r\n\r\n") else { return "" }
        return String(self.text[range.upperBound...])
    }

    func header(_ name: String) -> String? {
        let head = self.text.split(separator: "\r\n\r\n", maxSplits: 1).first ?? ""
        for line in head.split(separator: "\r\n").dropFirst() {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, halves[0].lowercased() == name.lowercased() else { continue }
            return halves[1].trimmingPrefix { $0 == " " }.description
        }
        return nil
    }
}
