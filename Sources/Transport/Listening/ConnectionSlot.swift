package import NIOCore
import Synchronization

/// The standing of a connection among those of its listener.
///
/// The connection writes it on its own event loop; the listener reads it on another.
package final class ConnectionSlot: Sendable {
    /// The standing in the upper 4 bits, and its start in nanoseconds in the rest.
    private let word: Atomic<UInt64>
    private let channel: any Channel

    private static let timeBits: UInt64 = 60

    init(_ channel: any Channel, at now: NIODeadline) {
        self.channel = channel
        self.word = Atomic(Self.word(.unproven, now))
    }

    /// Sets the standing; the start is `now` unless the standing is unchanged.
    package func set(_ standing: ConnectionStanding, at now: @autoclosure () -> NIODeadline) {
        guard Self.standing(of: self.order) != standing else { return }
        self.word.store(Self.word(standing, now()), ordering: .relaxed)
    }

    static func standing(of order: UInt64) -> ConnectionStanding {
        ConnectionStanding(rawValue: order >> self.timeBits) ?? .leaving
    }

    /// Standing and start as one number: within a standing, the smaller is the older.
    var order: UInt64 { self.word.load(ordering: .relaxed) }

    /// The start of the current standing.
    var since: NIODeadline {
        .uptimeNanoseconds(self.order & (1 << Self.timeBits - 1))
    }

    /// Asks the connection to close, unless its `order` has changed.
    ///
    /// `declined` is called when it has work again.
    ///
    /// - Returns: true when it was asked.
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

/// Asks a connection, through its pipeline, to close for a newcomer.
///
/// A connection that has work by now calls ``declined`` instead.
package struct EvictionRequest: Sendable {
    package let declined: @Sendable () -> Void
}
