package import NIOCore
import Synchronization

/// A connection's place among those of its listener.
///
/// The connection says on its own event loop what it does; the listener reads it on another.
package final class ConnectionSlot: Sendable {
    /// The standing, in the upper bits, and the moment since when.
    private let word: Atomic<UInt64>
    private let channel: any Channel

    private static let timeBits: UInt64 = 60

    init(_ channel: any Channel, at now: NIODeadline) {
        self.channel = channel
        self.word = Atomic(Self.word(.unproven, now))
    }

    /// The connection does this, since `now` unless it did so before.
    package func set(_ standing: ConnectionStanding, at now: @autoclosure () -> NIODeadline) {
        guard Self.standing(of: self.order) != standing else { return }
        self.word.store(Self.word(standing, now()), ordering: .relaxed)
    }

    static func standing(of order: UInt64) -> ConnectionStanding {
        ConnectionStanding(rawValue: order >> self.timeBits) ?? .leaving
    }

    /// Standing and time: of two slots of one standing, the smaller has it longer.
    var order: UInt64 { self.word.load(ordering: .relaxed) }

    /// Start of the present standing.
    var since: NIODeadline {
        .uptimeNanoseconds(self.order & (1 << Self.timeBits - 1))
    }

    /// Asks the connection to close, unless `order` has changed; `declined` is called when it has
    /// work again.
    ///
    /// - Returns: whether it was asked.
    func evict(_ order: UInt64, declined: @escaping @Sendable () -> Void) -> Bool {
        let asked = Self.word(.leaving, .uptimeNanoseconds(0))
        guard
            self.word.compareExchange(expected: order, desired: asked, ordering: .relaxed).exchanged
        else { return false }
        self.channel.pipeline.fireUserInboundEventTriggered(EvictionRequest(declined: declined))
        return true
    }

    private static func word(_ standing: ConnectionStanding, _ time: NIODeadline) -> UInt64 {
        standing.rawValue << self.timeBits | min(time.uptimeNanoseconds, 1 << self.timeBits - 1)
    }
}

/// Comes down a connection's pipeline: close, so that another connection can be taken.
///
/// A connection that has work by now calls ``declined`` instead.
package struct EvictionRequest: Sendable {
    package let declined: @Sendable () -> Void
}
