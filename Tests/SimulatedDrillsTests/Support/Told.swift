import DrillEngine
import Synchronization

/// A list of names, in the order in which they were added.
final class Told: Sendable {
    private let state = Mutex<[String]>([])

    var names: [String] { self.state.withLock { $0 } }

    func add(_ name: String) { self.state.withLock { $0.append(name) } }
}
