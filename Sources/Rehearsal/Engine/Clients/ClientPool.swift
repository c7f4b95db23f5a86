import Synchronization

/// The tasks of all clients, each held only until it is done: a task keeps its stack, some
/// kilobytes, for as long as it is held.
final class ClientPool: Sendable {
    /// By number; nil when done.
    private let tasks = Mutex<[Task<Void, Never>?]>([])

    /// Lets every one of `clients` begin in `world`.
    init(_ clients: [WorkloadClient], in world: any World) {
        // Under the lock: a client that is done at once must find its place.
        self.tasks.withLock { tasks in
            tasks = clients.enumerated().map { number, client in
                world.begin(client.node) {
                    await client.run()
                    self.tasks.withLock { $0[number] = nil }
                }
            }
        }
    }

    /// Waits until all are done; cancels those that are not when the caller is cancelled.
    func join() async {
        await withTaskCancellationHandler {
            for number in self.tasks.withLock({ $0.indices }) {
                await self.tasks.withLock { $0[number] }?.value
            }
        } onCancel: {
            self.cancel()
        }
    }

    /// Cancels those that are not done.
    func cancel() {
        for task in self.tasks.withLock({ $0 }) { task?.cancel() }
    }
}
