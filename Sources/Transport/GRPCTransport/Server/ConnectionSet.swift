import NIOCore
import Synchronization

/// The unfinished connections of one server.
final class ConnectionSet: Sendable {
    private struct State {
        var isClosed = false
        var next = 0
        var open: [Int: ServerConnection] = [:]
    }

    private let state = Mutex(State())

    /// Keeps `connection` until it has finished; false when the set is closed.
    ///
    /// A socket accepted just before the listener closed may arrive after ``close()``.
    func add(_ connection: ServerConnection) -> Bool {
        let number: Int? = self.state.withLock { state in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.open[state.next] = connection
            return state.next
        }
        guard let number else { return false }
        connection.finished.whenComplete { _ in
            self.state.withLock { state in state.open[number] = nil }
        }
        return true
    }

    /// The open connections, in the order in which they came.
    var all: [ServerConnection] {
        self.state.withLock { state in state.open.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// Refuses further connections and returns the open ones.
    func close() -> [ServerConnection] {
        self.state.withLock { $0.isClosed = true }
        return self.all
    }
}
