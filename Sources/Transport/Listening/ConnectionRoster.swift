package import NIOCore
import Synchronization

/// The connections of one listener, and the choice of the one to evict for a newcomer.
///
/// While more than half of the places are held by connections that never sent a request, the oldest
/// of these goes: a flood evicts itself and no served client. Otherwise the connection that has
/// been idle longest goes, then an unproven one, then a closing one.
package final class ConnectionRoster: Sendable {
    /// The least time in one standing before eviction, unless too many are unproven: the client may
    /// be about to send a request.
    static let restMin = TimeAmount.milliseconds(500)

    private typealias Place = (order: UInt64, slot: ConnectionSlot)

    fileprivate struct State {
        var slots: [ObjectIdentifier: ConnectionSlot] = [:]
        /// The unproven connections over the bound, the next to go last; sorted once for many
        /// newcomers.
        var surplus: [(order: UInt64, key: ObjectIdentifier)] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Adds `channel` until it closes.
    package func add(_ channel: any Channel, at now: NIODeadline) -> ConnectionSlot {
        let slot = ConnectionSlot(channel, at: now)
        let key = ObjectIdentifier(slot)
        self.state.withLock { $0.slots[key] = slot }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.slots[key] = nil }
        }
        return slot
    }

    var count: Int { self.state.withLock { $0.slots.count } }

    /// Asks the connection that can best be spared to close.
    ///
    /// `declined` is called when the connection has work by then.
    ///
    /// - Returns: false when none can be spared now.
    func evict(
        at now: NIODeadline,
        unprovenMax: Int,
        declined: @escaping @Sendable () -> Void
    ) -> Bool {
        while let (order, slot) = self.choose(at: now, unprovenMax) {
            if slot.evict(order, declined: declined) { return true }
        }
        return false
    }

    private func choose(at now: NIODeadline, _ unprovenMax: Int) -> Place? {
        self.state.withLock { state in
            if let next = state.popSurplus() { return next }
            state.findSurplus(unprovenMax)
            if let next = state.popSurplus() { return next }
            let rested = state.slots.values.filter { $0.since + Self.restMin <= now }
            for standing in [ConnectionStanding.idle, .unproven, .closing] {
                let places = rested.map { Place($0.order, $0) }
                    .filter { ConnectionSlot.standing(of: $0.order) == standing }
                if let first = places.min(by: { $0.order < $1.order }) { return first }
            }
            return nil
        }
    }
}

extension ConnectionRoster.State {
    fileprivate mutating func findSurplus(_ unprovenMax: Int) {
        let unproven = self.slots.map { (order: $0.value.order, key: $0.key) }
            .filter { ConnectionSlot.standing(of: $0.order) == .unproven }
        guard unproven.count > unprovenMax else { return }
        self.surplus = unproven.sorted { $0.order < $1.order }
            .dropLast(unprovenMax).reversed()
    }

    fileprivate mutating func popSurplus() -> (order: UInt64, slot: ConnectionSlot)? {
        while let next = self.surplus.popLast() {
            if let slot = self.slots[next.key], slot.order == next.order {
                return (next.order, slot)
            }
        }
        return nil
    }
}
