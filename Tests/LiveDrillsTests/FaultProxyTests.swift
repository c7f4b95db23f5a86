import DrillEngine
import NIOCore
import NIOPosix
import Synchronization
import Testing
import TransportCore

@testable import LiveDrills

@Suite("A fault proxy")
struct FaultProxyTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    /// A client, the server behind the proxy, and the link between.
    private struct Line {
        let proxy: FaultProxy
        let link: ProxiedLink
        let client: Peer
        let server: Peer
    }

    private func link(to port: Int) -> ProxiedLink {
        let endpoint = Endpoint(host: "127.0.0.1", port: port)
        return ProxiedLink(
            from: Node("shop-1"),
            to: Node("gateway-1"),
            at: endpoint,
            seed: 1
        )
    }

    private func withLine(_ body: (Line) async throws -> Void) async throws {
        let listener = try await Listener.start(group: self.group)
        let link = self.link(to: listener.port)
        let proxy = try await FaultProxy.start([link], at: "127.0.0.1", group: self.group)
        let client = try await Peer.connect(to: proxy.endpoint.port, group: self.group)
        let server = try #require(await listener.accept())
        try await body(Line(proxy: proxy, link: link, client: client, server: server))
        await proxy.close()
        try await listener.close()
    }

    @Test("bytes come through both ways while nothing strikes the link")
    func bytesComeThrough() async throws {
        try await self.withLine { line in
            try await line.client.send("ping")
            #expect(await line.server.receive(4) == "ping")
            try await line.server.send("pong")
            #expect(await line.client.receive(4) == "pong")
        }
    }

    @Test("a delay holds every chunk back and keeps their order")
    func delayKeepsOrder() async throws {
        try await self.withLine { line in
            let delay = Duration.milliseconds(60)
            line.link.forward.impair(by: [Impairment(.delay(delay))])
            let timeline = Timeline(ContinuousClock())
            let start = timeline.now
            for text in ["a", "b", "c"] { try await line.client.send(text) }
            #expect(await line.server.receive(3) == "abc")
            #expect(start.duration(to: timeline.now) >= delay)
        }
    }

    @Test("a chunk that is sent when a delay is over does not overtake a delayed one")
    func nothingOvertakes() async throws {
        try await self.withLine { line in
            let struck = Signal()
            let slow = Impairment(.delay(.milliseconds(60)), onEffect: { struck.give() })
            line.link.forward.impair(by: [slow])
            try await line.client.send("slow")
            await struck.wait()
            line.link.forward.impair(by: [])
            try await line.client.send("fast")
            #expect(await line.server.receive(8) == "slowfast")
        }
    }

    @Test("a partition one way holds that way only, and what it held comes when it is over")
    func partitionOneWay() async throws {
        try await self.withLine { line in
            let struck = Signal()
            let hold = Impairment(.hold, onEffect: { struck.give() })
            line.link.forward.impair(by: [hold])
            try await line.client.send("request")
            await struck.wait()
            try await line.server.send("reply")
            #expect(await line.client.receive(5) == "reply")
            line.link.forward.impair(by: [])
            line.proxy.refresh()
            #expect(await line.server.receive(7) == "request")
        }
    }

    @Test("the end of a connection waits behind the bytes that a partition holds")
    func endWaits() async throws {
        try await self.withLine { line in
            let struck = Signal()
            line.link.forward.impair(by: [Impairment(.hold, onEffect: { struck.give() })])
            try await line.client.send("last")
            await struck.wait()
            try await line.client.channel.close()
            line.link.forward.impair(by: [])
            line.proxy.refresh()
            #expect(await line.server.receive(4) == "last")
            #expect(await line.server.next() == .closed)
        }
    }

    @Test("a reset ends both halves with an error")
    func resetEndsBoth() async throws {
        try await self.withLine { line in
            try await line.client.send("x")
            #expect(await line.server.receive(1) == "x")
            #expect(line.proxy.reset { $0.to.group == "ledger" } == 0)
            #expect(line.proxy.reset { $0.to.group == "gateway" } == 1)
            #expect(await line.client.next() == .failed)
            #expect(await line.server.next() == .failed)
        }
    }

    @Test("connections go to the replicas in turn, past one that does not listen")
    func replicasInTurn() async throws {
        let first = try await Listener.start(group: self.group)
        let gone = try await Listener.start(group: self.group)
        let last = try await Listener.start(group: self.group)
        let links = [first, gone, last].map { self.link(to: $0.port) }
        try await gone.close()
        let proxy = try await FaultProxy.start(links, at: "127.0.0.1", group: self.group)
        var clients: [Peer] = []
        for (listener, text) in [(first, "a"), (last, "b"), (last, "c"), (first, "d")] {
            let client = try await Peer.connect(to: proxy.endpoint.port, group: self.group)
            clients.append(client)
            let server = try #require(await listener.accept())
            try await client.send(text)
            #expect(await server.receive(1) == text)
        }
        await proxy.close()
        try await first.close()
        try await last.close()
    }

    /// True when the proxy resets a new connection, at once or later.
    private func isReset(_ proxy: FaultProxy) async -> Bool {
        guard let client = try? await Peer.connect(to: proxy.endpoint.port, group: self.group)
        else {
            return true
        }
        return await client.next() == .failed
    }

    @Test("a link that refuses, or leads to nobody, resets whoever connects")
    func refusal() async throws {
        let listener = try await Listener.start(group: self.group)
        let link = self.link(to: listener.port)
        link.isRefusing = true
        let proxy = try await FaultProxy.start([link], at: "127.0.0.1", group: self.group)
        #expect(await self.isReset(proxy))
        link.isRefusing = false
        try await listener.close()
        #expect(await self.isReset(proxy))
        await proxy.close()
    }
}

/// Something that happens once, or more often, and is awaited once.
private final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let sink: AsyncStream<Void>.Continuation

    init() { (self.stream, self.sink) = AsyncStream.makeStream() }

    func give() { self.sink.yield() }

    func wait() async {
        var iterator = self.stream.makeAsyncIterator()
        await iterator.next()
    }
}
