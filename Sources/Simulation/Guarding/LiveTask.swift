internal import CSimulationGuard

/// A task recorded by the guard.
struct LiveTask {
    let number: UInt64
    let name: String?
    let executor: UInt64
    let isChild: Bool

    init(_ task: simguard_task) {
        unsafe self.number = task.number
        unsafe self.name = task.name.map { unsafe String(cString: $0) }
        unsafe self.executor = task.executor
        unsafe self.isChild = task.is_child
    }
}
