import UnixSignals

/// Work that Ctrl-C ends early.
enum Interruptible {
    /// Runs `work`, whose task is cancelled by SIGINT or SIGTERM.
    static func run<Value: Sendable>(
        _ work: @escaping @Sendable () async -> Value
    ) async -> (value: Value, wasInterrupted: Bool) {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let task = Task { await work() }
        let watch = Task {
            for await _ in signals {
                task.cancel()
                return true
            }
            return false
        }
        let value = await task.value
        watch.cancel()
        return (value, await watch.value)
    }
}
