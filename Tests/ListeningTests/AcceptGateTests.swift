import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Listening

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("The gate of a listener")
struct AcceptGateTests {
    @Test("counts connections, holds reads at the bound and resumes when one closes")
    func holds() throws {
        let bench = try GateBench(connectionsMax: 1)
        let child = EmbeddedChannel(loop: bench.channel.embeddedEventLoop)
        try bench.channel.writeInbound(child as any Channel)
        #expect(bench.watch.open == 1)
        bench.channel.read()
        #expect(bench.reads == 0)
        #expect(bench.notices == [.full(connectionsMax: 1)])
        try child.close().wait()
        bench.channel.embeddedEventLoop.run()
        #expect(bench.watch.open == 0)
        #expect(bench.reads == 1)
        #expect(bench.notices == [.full(connectionsMax: 1), .roomAgain(evicted: 0)])
    }

    @Test(
        "rests without automatic reads when descriptors run out, and hides the error",
        arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM]
    )
    func rests(code: Int32) throws {
        let bench = try GateBench(connectionsMax: 9)
        for _ in 0..<3 {
            bench.channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
        }
        try bench.channel.throwIfErrorCaught()
        #expect(bench.isAutoRead == false)
        bench.channel.embeddedEventLoop.advanceTime(by: .milliseconds(99))
        #expect(bench.isAutoRead == false)
        bench.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(bench.isAutoRead == true)
        #expect(bench.watch.acceptFailures == 3)
        #expect(bench.notices.count == 1)
        let child = EmbeddedChannel(loop: bench.channel.embeddedEventLoop)
        try bench.channel.writeInbound(child as any Channel)
        #expect(bench.notices.last == .acceptsAgain(failures: 3))
        try child.close().wait()
    }

    @Test("continues when a peer left before it was accepted, and passes on other errors")
    func others() throws {
        let bench = try GateBench(connectionsMax: 9)
        let pipeline = bench.channel.pipeline
        pipeline.fireErrorCaught(IOError(errnoCode: ECONNABORTED, reason: "accept"))
        try bench.channel.throwIfErrorCaught()
        #expect(bench.isAutoRead == nil)
        pipeline.fireErrorCaught(IOError(errnoCode: EINVAL, reason: "accept"))
        #expect(throws: IOError.self) { try bench.channel.throwIfErrorCaught() }
    }
}

/// A gate on a channel without a socket.
private struct GateBench {
    let channel = EmbeddedChannel()
    let watch: ListenerWatch
    private let counter = ReadCounter()
    private let told = Told()

    init(connectionsMax: Int) throws {
        let told = self.told
        self.watch = ListenerWatch { notice in told.add(notice) }
        let gate = AcceptGate(
            connectionsMax: connectionsMax,
            roster: ConnectionRoster(),
            watch: self.watch
        )
        try self.channel.pipeline.syncOperations.addHandlers([self.counter, gate])
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        self.counter.count = 0
    }

    var reads: Int { self.counter.count }
    var notices: [ListenerNotice] { self.told.all }

    /// The value set for automatic reads; nil when none was set.
    var isAutoRead: Bool? {
        for (option, value) in self.channel.options {
            if option is ChannelOptions.Types.AutoReadOption { return value as? Bool }
        }
        return nil
    }

    final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = Never

        var count = 0

        func read(context: ChannelHandlerContext) { self.count += 1 }
    }

    final class Told: Sendable {
        private let notices = Mutex<[ListenerNotice]>([])

        var all: [ListenerNotice] { self.notices.withLock { $0 } }

        func add(_ notice: ListenerNotice) { self.notices.withLock { $0.append(notice) } }
    }
}
