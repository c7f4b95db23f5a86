import TransportCore

/// A server that answers calls from memory.
///
/// One root task takes calls from a queue and runs each as a child; it ends after the queue is
/// closed and all children have ended. Draining closes the queue; stopping also cancels the root.
/// Both wait for the root.
final class InMemoryServer: RunningServer {
    /// The most calls waiting to start; further ones are refused.
    static let backlogMax = 4_096

    let endpoint: Endpoint
    let timeline: Timeline

    /// The host of this server; nil for a server of the network itself.
    let host: InMemoryHost?

    private let registry: EndpointRegistry
    private let queue = CallQueue(callsMax: InMemoryServer.backlogMax)
    private let root: Task<Void, Never>

    init(
        _ router: Router,
        at endpoint: Endpoint,
        in registry: EndpointRegistry,
        timeline: Timeline,
        host: InMemoryHost? = nil
    ) {
        self.endpoint = endpoint
        self.timeline = timeline
        self.host = host
        self.registry = registry
        self.root = Task(name: "server") { [queue] in
            await Self.answer(queue, router, timeline)
        }
    }

    deinit { self.queue.close() }

    /// Queues a call.
    ///
    /// - Returns: false when this server is closed.
    /// - Throws: UNAVAILABLE when too many calls wait.
    func accept(_ call: any ServedCall) throws(RPCError) -> Bool {
        switch self.queue.offer(call) {
        case .queued: return true
        case .full:
            let message = "\(self.endpoint) has \(Self.backlogMax) calls waiting to start"
            throw RPCError(.unavailable, message, wasNeverProcessed: true)
        case .closed: return false
        }
    }

    func drain() async {
        self.registry.remove(self)
        self.queue.close()
        await self.root.value
    }

    func stop() async {
        self.registry.remove(self)
        self.queue.close()
        self.root.cancel()
        await self.root.value
    }

    /// Ends at once, like a process that dies; handlers that ignore cancellation end later.
    ///
    /// - Returns: the task that ends with the last handler.
    func kill() -> Task<Void, Never> {
        self.registry.remove(self)
        self.queue.close()
        self.root.cancel()
        return self.root
    }

    private static func answer(
        _ queue: CallQueue,
        _ router: Router,
        _ timeline: Timeline
    ) async {
        await withDiscardingTaskGroup { group in
            while case let calls = await queue.next(), !calls.isEmpty {
                for call in calls {
                    group.addTask(name: "call") { await call.run(on: router, timeline) }
                }
            }
        }
    }
}

extension InMemoryServer {
    /// Registers the call that `make` returns with this server's host, if it has one.
    ///
    /// - Returns: nil when the host has ended.
    /// - Throws: UNAVAILABLE when the host has too many calls in flight.
    func admit(_ make: (UInt64) -> any ServedCall) throws(RPCError) -> (any ServedCall)? {
        guard let host = self.host else { return make(0) }
        switch host.incoming.admit(make) {
        case .admitted(let call): return call
        case .closed: return nil
        case .full:
            let message = "\(host.name) has \(InMemoryHost.callsMax) calls in flight"
            throw RPCError(.unavailable, message).neverProcessed
        }
    }
}
