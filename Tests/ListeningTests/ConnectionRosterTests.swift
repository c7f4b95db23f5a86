import NIOCore
import NIOEmbedded
import Testing

@testable import Listening

@Suite("The connection evicted for a new one")
struct ConnectionRosterTests {
    @Test("is the longest idle, then the oldest without a request, then the longest closing")
    func order() {
        let bench = Bench()
        _ = bench.add(.busy, since: 1)
        let closing = bench.add(.closing, since: 2)
        let idle = bench.add(.idle, since: 3)
        let longerIdle = bench.add(.idle, since: 2)
        let unproven = bench.add(.unproven, since: 5)
        let older = bench.add(.unproven, since: 4)
        for expected in [longerIdle, idle, older, unproven, closing] {
            #expect(bench.evicts(at: 10))
            #expect(bench.asked.last == expected)
        }
        #expect(!bench.evicts(at: 10))
    }

    @Test("is the oldest without a request while there are too many of them")
    func flood() {
        let bench = Bench()
        _ = bench.add(.idle, since: 1)
        for second in 2...5 { _ = bench.add(.unproven, since: second) }
        for expected in 1...2 {
            #expect(bench.evicts(at: 5, unprovenMax: 2))
            #expect(bench.asked.last == expected)
        }
        #expect(bench.evicts(at: 5, unprovenMax: 2))
        #expect(bench.asked.last == 0)
    }

    @Test("has kept its standing for half a second")
    func rest() {
        for standing in [ConnectionStanding.idle, .unproven, .closing] {
            let bench = Bench()
            _ = bench.add(standing, since: 10)
            #expect(!bench.evicts(at: 10))
            #expect(bench.evicts(at: 11))
        }
    }

    @Test("is never one that got a request after it was chosen")
    func changed() {
        let bench = Bench()
        for second in 1...4 { _ = bench.add(.unproven, since: second) }
        #expect(bench.evicts(at: 4, unprovenMax: 1))
        bench.slots[1].set(.busy, at: .seconds(4))
        #expect(bench.evicts(at: 4, unprovenMax: 1))
        #expect(bench.asked == [0, 2])
    }

    @Test("is no longer listed after it has closed")
    func closed() throws {
        let bench = Bench()
        _ = bench.add(.unproven, since: 1)
        #expect(bench.roster.count == 1)
        try bench.channels[0].close().wait()
        bench.channels[0].embeddedEventLoop.run()
        #expect(bench.roster.count == 0)
        #expect(!bench.evicts(at: 10))
    }
}

/// A roster with its connections, and those asked to close.
private final class Bench {
    let roster = ConnectionRoster()
    private(set) var slots: [ConnectionSlot] = []
    private(set) var channels: [EmbeddedChannel] = []

    /// The numbers of the connections asked to close, in order.
    var asked: [Int] { self.order.numbers }

    private let order = Order()

    func add(_ standing: ConnectionStanding, since second: Int) -> Int {
        let number = self.slots.count
        let channel = EmbeddedChannel(handler: Notes(number, self.order))
        let slot = self.roster.add(channel, at: .seconds(second))
        slot.set(standing, at: .seconds(second))
        self.slots.append(slot)
        self.channels.append(channel)
        return number
    }

    func evicts(at second: Int, unprovenMax: Int = 100) -> Bool {
        self.roster.evict(at: .seconds(second), unprovenMax: unprovenMax) {}
    }

    final class Order { var numbers: [Int] = [] }

    final class Notes: ChannelInboundHandler {
        typealias InboundIn = Never

        private let number: Int
        private let order: Order

        init(_ number: Int, _ order: Order) {
            self.number = number
            self.order = order
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event is EvictionRequest { self.order.numbers.append(self.number) }
        }
    }
}

extension NIODeadline {
    fileprivate static func seconds(_ count: Int) -> NIODeadline {
        .uptimeNanoseconds(UInt64(count) * 1_000_000_000)
    }
}
