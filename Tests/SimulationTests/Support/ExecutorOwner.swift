/// An actor with a custom executor, on which it runs a body.
actor ExecutorOwner {
    private let executor: any SerialExecutor
    private let body: @Sendable () async -> Void

    init(_ executor: any SerialExecutor, _ body: @escaping @Sendable () async -> Void) {
        self.executor = executor
        self.body = body
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe self.executor.asUnownedSerialExecutor()
    }

    func run() async { await self.body() }
}
