import Synchronization

/// State that some tasks change and others wait on.
///
/// A change resumes the tasks whose condition then holds, in order of arrival.
package final class Awaited<State: Sendable>: Sendable {
    private let content: Mutex<Content>

    fileprivate struct Content {
        var state: State
        var waiters: [Waiter] = []
        var arrivals: UInt64 = 0
    }

    /// Returns a task's resumption if its condition holds in the state; without a state, always.
    fileprivate typealias Resumption = @Sendable (State?) -> (@Sendable () -> Void)?

    fileprivate struct Waiter {
        let number: UInt64
        let resumption: Resumption
    }

    package init(_ state: State) {
        self.content = Mutex(Content(state: state))
    }

    /// The number of waiting tasks.
    package var waiterCount: Int { self.content.withLock { $0.waiters.count } }

    /// Reads or changes the state.
    package func withLock<Result: Sendable, Failure: Error>(
        _ change: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let (result, resumptions) = try self.content.withLock { content throws(Failure) in
            let result = try change(&content.state)
            return (result, content.takeReady())
        }
        for resume in resumptions { resume() }
        return result
    }

    /// Waits until `find` returns a value of the state; nil when the task is cancelled.
    package func first<Value: Sendable>(
        _ find: @escaping @Sendable (State) -> Value?
    ) async -> Value? {
        let number = self.content.withLock { content in
            content.arrivals += 1
            return content.arrivals
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (task: CheckedContinuation<Value?, Never>) in
                self.park(number) { state in
                    guard let state else { return { task.resume(returning: nil) } }
                    guard let value = find(state) else { return nil }
                    return { task.resume(returning: value) }
                }
            }
        } onCancel: {
            let waiter = self.content.withLock { $0.remove(number) }
            waiter?.resumption(nil)?()
        }
    }

    /// Waits until `condition` holds or the task is cancelled.
    package func wait(until condition: @escaping @Sendable (State) -> Bool) async {
        _ = await self.first { condition($0) ? true : nil }
    }

    private func park(_ number: UInt64, _ resumption: @escaping Resumption) {
        let resume = self.content.withLock { content in
            let resume = resumption(content.state) ?? (Task.isCancelled ? resumption(nil) : nil)
            if resume == nil {
                content.waiters.append(Waiter(number: number, resumption: resumption))
            }
            return resume
        }
        resume?()
    }
}

extension Awaited.Content {
    /// Removes the waiters whose condition holds, and returns their resumptions.
    fileprivate mutating func takeReady() -> [@Sendable () -> Void] {
        guard !self.waiters.isEmpty else { return [] }
        let answers = self.waiters.map { $0.resumption(self.state) }
        self.waiters = zip(self.waiters, answers).filter { $0.1 == nil }.map(\.0)
        return answers.compactMap(\.self)
    }

    fileprivate mutating func remove(_ number: UInt64) -> Awaited.Waiter? {
        let place = self.waiters.firstIndex { $0.number == number }
        return place.map { self.waiters.remove(at: $0) }
    }
}
