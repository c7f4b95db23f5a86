import NIOCore
import NIOPosix

/// Connections to one gateway, all on one event loop, to which it is confined.
final class Pool: @unchecked Sendable {  // touched on `loop` only, but for its constants
    private let loop: any EventLoop
    private let port: Int
    private let request: Request
    private let deadline: TimeAmount
    private var free: [Connection] = []
    private var pending = 0
    private var figures = Figures()

    init(loop: any EventLoop, port: Int, request: Request, deadline: TimeAmount) {
        self.loop = loop
        self.port = port
        self.request = request
        self.deadline = deadline
    }

    func open(connections: Int) async throws {
        for _ in 0..<connections { try await self.connect().get() }
    }

    /// `rate` requests a second, whatever becomes of those before.
    func offer(_ rate: Int, seconds: Int) async throws -> Figures {
        let start = NIODeadline.now()
        let total = rate * seconds
        try await self.loop.submit { self.send(0, of: total, rate, since: start) }.get()
        let end = start + .seconds(Int64(seconds)) + self.deadline + .milliseconds(500)
        return try await self.loop.scheduleTask(deadline: end) { self.figures }.futureResult.get()
    }

    /// Sends what is due, and comes back in a moment for the rest.
    private func send(_ first: Int, of total: Int, _ rate: Int, since start: NIODeadline) {
        var number = first
        let now = NIODeadline.now()
        while number < total {
            let due = start + .nanoseconds(Int64(number) * 1_000_000_000 / Int64(rate))
            guard due <= now else { break }
            self.figures.lag = max(self.figures.lag, now - due)
            self.sendOne(number)
            number += 1
        }
        guard number < total else { return }
        let next = number
        self.loop.scheduleTask(in: .milliseconds(1)) { self.send(next, of: total, rate, since: start) }
    }

    private func sendOne(_ number: Int) {
        guard let connection = self.free.popLast() else {
            self.figures.late += 1
            return
        }
        connection.send(self.request.bytes(number), within: self.deadline)
    }

    @discardableResult
    private func connect() -> EventLoopFuture<Void> {
        ClientBootstrap(group: self.loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(self))
                }
            }
            .connect(host: "127.0.0.1", port: self.port)
            .map { _ in }
    }

    func isReady(_ connection: Connection) { self.free.append(connection) }

    /// A request was answered with `status`, or with none in time.
    func ended(_ status: Int?, after time: TimeAmount) {
        switch status {
        case 200: self.figures.accepted.append(time.nanoseconds / 1_000)
        case 503: self.figures.shed += 1
        case nil: self.figures.late += 1
        default: self.figures.other += 1
        }
    }

    func closed(_ connection: Connection) {
        self.free.removeAll { $0 === connection }
        self.connect()
    }
}

/// A connection, which carries a request at a time.
final class Connection: ChannelInboundHandler, @unchecked Sendable {  // confined to its loop
    typealias InboundIn = ByteBuffer

    private let pool: Pool
    private var channel: (any Channel)?
    private var answer: [UInt8] = []
    private var sent: NIODeadline?
    private var timer: Scheduled<Void>?

    init(_ pool: Pool) { self.pool = pool }

    func channelActive(context: ChannelHandlerContext) {
        self.channel = context.channel
        self.pool.isReady(self)
    }

    func send(_ bytes: ByteBuffer, within deadline: TimeAmount) {
        guard let channel = self.channel else { return }
        self.sent = .now()
        channel.writeAndFlush(bytes, promise: nil)
        self.timer = channel.eventLoop.scheduleTask(in: deadline) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.answer += self.unwrapInboundIn(data).readableBytesView
        guard let status = Answer.status(whole: self.answer) else { return }
        self.answer.removeAll(keepingCapacity: true)
        self.end(status)
        self.pool.isReady(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) {
        self.channel = nil
        self.end(nil)
        self.pool.closed(self)
    }

    private func end(_ status: Int?) {
        guard let sent = self.sent else { return }
        self.sent = nil
        self.timer?.cancel()
        self.pool.ended(status, after: .now() - sent)
    }
}

/// As much of an HTTP answer as a benchmark needs.
enum Answer {
    private static let blankLine = Array("\r\n\r\n".utf8)
    private static let lengthField = Array("content-length: ".utf8)

    /// The status, when `bytes` hold the head and as much body as it says.
    static func status(whole bytes: [UInt8]) -> Int? {
        guard let body = Self.end(of: self.blankLine, in: bytes[...]),
            let field = Self.end(of: self.lengthField, in: bytes[..<body])
        else { return nil }
        guard bytes.count >= body + Self.number(bytes[field...]) else { return nil }
        return Self.number(bytes[9...])
    }

    /// Behind the first `text`, whose letters are small, among letters of any size.
    private static func end(of text: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= text.count else { return nil }
        for start in bytes.startIndex...bytes.endIndex - text.count {
            var same = 0
            while same < text.count, bytes[start + same] == text[same] || bytes[start + same] | 0x20 == text[same] {
                same += 1
            }
            if same == text.count { return start + same }
        }
        return nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.prefix { (0x30...0x39).contains($0) }.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }
}
