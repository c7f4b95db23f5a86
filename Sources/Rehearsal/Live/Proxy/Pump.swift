import NIOCore

/// Carries the bytes of one connection one way, in their order, when the link lets them.
///
/// It lives on one event loop. What waits is bounded: beyond that the source is read no more, and
/// TCP holds its sender back.
final class Pump {
    private static let waitingBytesMax = 1 << 20

    private let way: OneWay
    private let source: any Channel
    private let sink: any Channel
    private var waiting: [(bytes: ByteBuffer?, due: NIODeadline)] = []
    private var waitingBytes = 0
    private var timer: Scheduled<Void>?
    private var isStopped = false

    /// A pump from `source` to `sink`, which share an event loop.
    init(_ way: OneWay, from source: any Channel, to sink: any Channel) {
        self.way = way
        self.source = source
        self.sink = sink
    }

    /// Takes the next bytes; nil is the end of them.
    func take(_ bytes: ByteBuffer?) {
        guard !self.isStopped else { return }
        let now = self.source.eventLoop.now
        let delay = bytes == nil ? .zero : self.way.delayOfNextChunk()
        let due = max(now + TimeAmount(delay), self.waiting.last?.due ?? now)
        self.waiting.append((bytes, due))
        self.waitingBytes += bytes?.readableBytes ?? 0
        self.throttle()
        self.run()
    }

    /// Passes on what may go now, and comes back for the rest.
    func run() {
        self.timer?.cancel()
        self.timer = nil
        while !self.isStopped, self.sink.isWritable, !self.way.isHeld,
            let first = self.waiting.first
        {
            guard first.due <= self.source.eventLoop.now else { return self.wakeUp(at: first.due) }
            self.waiting.removeFirst()
            self.pass(first.bytes)
        }
    }

    /// Forgets what waits.
    func stop() {
        self.isStopped = true
        self.timer?.cancel()
        self.timer = nil
        self.waiting = []
    }

    private func pass(_ bytes: ByteBuffer?) {
        guard let bytes else {
            self.stop()
            return self.sink.close(promise: nil)
        }
        self.waitingBytes -= bytes.readableBytes
        self.throttle()
        self.sink.writeAndFlush(bytes, promise: nil)
    }

    private func throttle() {
        let isFull = self.waitingBytes > Self.waitingBytesMax
        _ = try? self.source.syncOptions?.setOption(.autoRead, value: !isFull)
    }

    private func wakeUp(at due: NIODeadline) {
        self.timer = self.source.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(
            deadline: due
        ) { self.run() }
    }
}
