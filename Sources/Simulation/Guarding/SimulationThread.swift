internal import CSimulationGuard

/// Runs work on a new thread.
enum SimulationThread {
    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Runs `body` on a new thread and blocks until it returns.
    static func run(_ body: @escaping () -> Void) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        let status = unsafe simguard_run_thread(
            { pointer in
                guard let pointer = unsafe pointer else { return }
                unsafe Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
            },
            work.toOpaque()
        )
        precondition(status == 0, "a simulation needs a thread: error \(status)")
    }
}
