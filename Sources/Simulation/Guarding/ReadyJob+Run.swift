@_spi(ExperimentalCustomExecutors) internal import _Concurrency

extension ReadyJob {
    /// Runs the job on this thread until it ends or suspends.
    ///
    /// May be called once.
    func run() {
        switch self.route {
        case .global:
            unsafe self.job.runSynchronously(on: Router.task.asUnownedTaskExecutor())
        case .task:
            unsafe self.job.runSynchronously(on: self.process.executor.asUnownedTaskExecutor())
        case .main:
            unsafe self.job.runSynchronously(on: Router.main.asUnownedSerialExecutor())
        case .actor(let executor):
            unsafe self.job.runSynchronously(
                isolatedTo: executor.asUnownedSerialExecutor(),
                taskExecutor: self.process.executor.asUnownedTaskExecutor()
            )
        }
    }
}
