import TransportCore

/// A server that answers calls from memory.
///
/// One root task takes calls from a queue and runs each as a child; it ends when the queue has, and
/// no child outlives it. So to drain is to end the queue, to stop is to cancel the root, and both
/// wait for it.
final class InMemoryServer: RunningServer {
    /// Calls that may wait to be started; further ones are refused.
    static let backlogMax = 4_096

    let endpoint: Endpoint
    let timeline: Timeline

    /// The host it runs on; nil for a server of the network itself.
    let host: InMemoryHost?

    private let directory: Directory
    private let queue: AsyncStream<any CarriedCall>.Continuation
    private let root: Task<Void, Never>

    init(
        _ router: Router,
        at endpoint: Endpoint,
        in directory: Directory,
        timeline: Timeline,
        host: InMemoryHost? = nil
    ) {
        let (calls, queue) = AsyncStream.makeStream(
            of: (any CarriedCall).self,
            bufferingPolicy: .bufferingOldest(Self.backlogMax)
        )
        self.endpoint = endpoint
        self.timeline = timeline
        self.host = host
        self.directory = directory
        self.queue = queue
        self.root = Task(name: "server") { await Self.answer(calls, router, timeline) }
    }

    /// Queues a call.
    ///
    /// - Returns: false when this server takes no more calls.
    func accept(_ call: any CarriedCall) throws(RPCError) -> Bool {
        switch self.queue.yield(call) {
        case .enqueued: return true
        case .dropped:
            let message = "\(self.endpoint) has \(Self.backlogMax) calls waiting to start"
            throw RPCError(.unavailable, message, wasNeverProcessed: true)
        case .terminated: return false
        @unknown default: return false
        }
    }

    func drain() async {
        self.directory.remove(self)
        self.queue.finish()
        await self.root.value
    }

    func stop() async {
        self.directory.remove(self)
        self.queue.finish()
        self.root.cancel()
        await self.root.value
    }

    /// Ends at once, as a process that dies does; the handlers that are deaf end later.
    ///
    /// - Returns: the task that ends with the last of them.
    func kill() -> Task<Void, Never> {
        self.directory.remove(self)
        self.queue.finish()
        self.root.cancel()
        return self.root
    }

    private static func answer(
        _ calls: AsyncStream<any CarriedCall>,
        _ router: Router,
        _ timeline: Timeline
    ) async {
        await withDiscardingTaskGroup { group in
            for await call in calls {
                group.addTask(name: "call") { await call.run(on: router, timeline) }
            }
        }
    }
}
