@_spi(ExperimentalCustomExecutors) internal import _Concurrency

/// The default executors of the real process.
///
/// A job goes to the simulation of the thread that enqueues it, and to the platform's executors
/// where the thread runs none; so a process without simulations is as it was. They cannot be
/// exchanged while other threads run, so a C constructor installs them before `main`.
enum Router: ExecutorFactory {
    static let task = RoutingTaskExecutor()
    static let main = RoutingMainExecutor()

    static var defaultExecutor: any TaskExecutor { Self.task }
    static var mainExecutor: any MainExecutor { Self.main }

    static let installed: Void = _createExecutors(factory: Router.self)
}

@_cdecl("simulation_install_executors")
func installExecutors() { Router.installed }
