import Checkers
import Synchronization
import TransportCore

/// A gate that closes when its service stops serving, and never opens again.
struct LatchedGate: ServerPolicy {
    enum Word {
        /// Health reports NOT_SERVING while the gate is closed.
        case notServing
        /// Health reports SERVING while the gate is closed.
        case serving
    }

    private let word: Word
    private let service: String
    private let registry: HealthRegistry
    private let state = Latch()

    private final class Latch: Sendable {
        let hasServed = Mutex(false)
        let isShut = Mutex(false)
    }

    init(_ word: Word, _ service: String, _ registry: HealthRegistry) {
        self.word = word
        self.service = service
        self.registry = registry
    }

    func admit(_ call: inout IncomingCall) throws(RPCError) {
        let serves = self.registry.status(of: self.service) == .serving
        let hasServed = self.state.hasServed.withLock { hasServed in
            hasServed = hasServed || serves
            return hasServed
        }
        let isShut = self.state.isShut.withLock { isShut in
            isShut = isShut || hasServed && !serves
            return isShut
        }
        guard isShut else { return }
        switch self.word {
        case .notServing: self.registry.set(self.service, .notServing)
        case .serving:
            if call.method.hasPrefix(self.service) {
                throw RPCError(.unavailable, "not serving now", reason: HealthGate.reason)
            }
        }
    }
}
