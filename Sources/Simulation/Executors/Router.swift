@_spi(ExperimentalCustomExecutors) internal import _Concurrency

/// The default executors of the real process.
///
/// A job enqueued on a simulation's thread goes to that simulation, any other to the platform's
/// executors, so a process without simulations behaves as before. The runtime cannot swap executors
/// while other threads run, so a C constructor installs them before `main`.
enum Router: ExecutorFactory {
    static let task = RoutingTaskExecutor()
    static let main = RoutingMainExecutor()

    static var defaultExecutor: any TaskExecutor { Self.task }
    static var mainExecutor: any MainExecutor { Self.main }

    static let installed: Void = _createExecutors(factory: Router.self)
}

@_cdecl("simulation_install_executors")
func installExecutors() { Router.installed }
