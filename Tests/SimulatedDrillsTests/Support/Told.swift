import Synchronization

/// What somebody was told, in order.
final class Told: Sendable {
    private let state = Mutex<[String]>([])

    var names: [String] { self.state.withLock { $0 } }

    func add(_ name: String) { self.state.withLock { $0.append(name) } }
}
