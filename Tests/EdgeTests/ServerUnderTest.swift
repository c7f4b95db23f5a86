import Domain
import Edge
import Listening
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

typealias Shutdown = @Sendable () async -> Void

/// Runs a server on a free port while `body` runs.
func withServer<Result: Sendable>(
    handler: @escaping EdgeServer.Handler,
    documents: [EdgeDocument] = [],
    limits: EdgeLimits = EdgeLimits(),
    logger: Logger = Logger(label: "edge-tests") { _ in SwiftLogNoOpLogHandler() },
    isDraining: @escaping @Sendable () -> Bool = { false },
    listenerWatch: ListenerWatch = ListenerWatch(),
    body: @Sendable (_ peer: Dialler, _ shutDown: Shutdown) async throws -> Result
) async throws -> Result {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    let server = EdgeServer(
        host: "127.0.0.1",
        port: 0,
        handler: handler,
        documents: documents,
        makeRequestID: { "made-id" },
        now: { 784_111_777 },
        isDraining: isDraining,
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
        logger: logger,
        limits: limits,
        listenerWatch: listenerWatch,
        onServerRunning: { port in continuation.yield(port) }
    )
    let services = ServiceGroup(configuration: .init(services: [server], logger: logger))
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            defer { continuation.finish() }
            try await services.run()
        }
        guard let port = await ports.first(where: { _ in true }) else { throw NoServer() }
        let result = try await body(Dialler(port: port)) {
            await services.triggerGracefulShutdown()
        }
        await services.triggerGracefulShutdown()
        try await group.waitForAll()
        return result
    }
}

func withServer<Result: Sendable>(
    _ probe: Probe = Probe(),
    documents: [EdgeDocument] = [],
    limits: EdgeLimits = EdgeLimits(),
    isDraining: @escaping @Sendable () -> Bool = { false },
    listenerWatch: ListenerWatch = ListenerWatch(),
    body: @Sendable (_ peer: Dialler) async throws -> Result
) async throws -> Result {
    try await withServer(
        handler: probe.handler,
        documents: documents,
        limits: limits,
        isDraining: isDraining,
        listenerWatch: listenerWatch
    ) { peer, _ in try await body(peer) }
}

struct NoServer: Error {}
