package import Checkers
import Synchronization

/// The operations of a run: their numbers, and those whose outcome their clients do not know yet.
package final class OperationBook: Sendable {
    private let state = Mutex(State())

    private struct State {
        var begun = 0
        var canaries = 0
        var unknown: [Operation] = []
        var acknowledged: [(paymentID: String, subject: String)] = []
    }

    /// An empty book.
    package init() {}

    /// The number of the next operation.
    package func nextNumber() -> Int {
        self.state.withLock { state in
            defer { state.begun += 1 }
            return state.begun
        }
    }

    /// The number of the next client that comes for one payment, from 1.
    package func nextCanary() -> Int {
        self.state.withLock { state in
            state.canaries += 1
            return state.canaries
        }
    }

    /// An operation ended.
    package func ended(_ operation: Operation, _ outcome: Outcome) {
        self.state.withLock { state in
            switch outcome {
            case .unknown: state.unknown.append(operation)
            case .paid(let paymentID, _, _, _):
                state.acknowledged.append((paymentID, operation.subject))
            default: break
            }
        }
    }

    /// The operations whose outcome was unknown to their clients, oldest first.
    package var unknown: [Operation] { self.state.withLock { $0.unknown } }

    /// The payments that clients were told of, oldest first, each once.
    package var acknowledgedPayments: [String] {
        var seen: Set<String> = []
        return self.state.withLock { $0.acknowledged.map(\.paymentID) }
            .filter { seen.insert($0).inserted }
    }

    /// The payments that others than `subject` were told of, oldest first.
    package func payments(notOf subject: String) -> [String] {
        self.state.withLock { state in
            state.acknowledged.filter { $0.subject != subject }.map(\.paymentID)
        }
    }
}
