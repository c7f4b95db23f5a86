import Simulation
import Synchronization

/// The tasks of all clients, each held only until it is done: a task keeps its stack, some
/// kilobytes, for as long as somebody holds the task.
///
/// Made on the simulation's thread, on which none of them begins before all are there.
final class ClientPool: Sendable {
    /// By number; nil when done.
    private let tasks = Mutex<[Task<Void, Never>?]>([])

    /// Lets every one of `clients` begin, with `body` around its work.
    init(
        _ clients: [WorkloadClient],
        _ body: @escaping @Sendable (WorkloadClient) async -> Void
    ) {
        let tasks = clients.indices.map { number in
            let client = clients[number]
            return client.process.run("client") {
                await body(client)
                self.tasks.withLock { $0[number] = nil }
            }
        }
        self.tasks.withLock { $0 = tasks }
    }

    /// Waits until all are done.
    func join() async {
        for number in self.tasks.withLock({ $0.indices }) {
            await self.tasks.withLock { $0[number] }?.value
        }
    }

    /// Cancels those that are not done.
    func cancel() {
        for task in self.tasks.withLock({ $0 }) { task?.cancel() }
    }
}
