import Domain
import Synchronization

/// The result of a write, once it was written.
final class Answer<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)

    func set(_ value: Value) { self.state.withLock { $0 = value } }

    /// The answer.
    ///
    /// - Throws: `outcomeUnknown` when the write never came to one.
    func value() throws(JournalError) -> Value {
        guard let value = self.state.withLock({ $0 }) else { throw .outcomeUnknown }
        return value
    }
}
