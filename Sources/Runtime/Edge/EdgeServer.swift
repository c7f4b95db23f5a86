package import Domain
internal import HummingbirdCore
package import Listening
package import Logging
package import NIOCore
internal import NIOHTTP1
internal import ServiceLifecycle

/// The HTTP/1.1 server of the gateway and of health endpoints.
///
/// Handles framing, limits, timeouts, request ids, JSON and forms; the handler answers every
/// readable request. Run it in a `ServiceGroup`: on graceful shutdown it stops accepting, answers
/// the requests in flight, closes idle connections and returns.
package struct EdgeServer: Service {
    package typealias Handler =
        @Sendable (GatewayRequest, EdgeContext) async -> GatewayResponse

    package var host: String

    /// The port; 0 lets the system choose one, which ``onServerRunning`` reports.
    package var port: Int

    package var handler: Handler
    package var documents: [EdgeDocument]

    /// Makes an id for a request that carries none.
    package var makeRequestID: @Sendable () -> String

    /// Makes a new trace id of 32 lower-case hexadecimal digits; nil for no tracing.
    package var makeTraceID: @Sendable () -> String?

    /// The wall clock for `Date` headers, in seconds since 1970.
    package var now: @Sendable () -> Int64

    /// True while the process drains: every answer then closes its connection, so that no request
    /// meets a closing server.
    package var isDraining: @Sendable () -> Bool

    package var eventLoopGroup: any EventLoopGroup
    package var logger: Logger
    package var limits: EdgeLimits
    package var watch: EdgeWatch

    /// Observes connections.
    package var listenerWatch: ListenerWatch

    /// Called once with the bound port when the server accepts connections.
    package var onServerRunning: @Sendable (_ port: Int) async -> Void

    package init(
        host: String,
        port: Int,
        handler: @escaping Handler,
        documents: [EdgeDocument] = [],
        makeRequestID: @escaping @Sendable () -> String,
        makeTraceID: @escaping @Sendable () -> String? = { nil },
        now: @escaping @Sendable () -> Int64,
        isDraining: @escaping @Sendable () -> Bool = { false },
        eventLoopGroup: any EventLoopGroup,
        logger: Logger,
        limits: EdgeLimits = EdgeLimits(),
        watch: EdgeWatch = EdgeWatch(),
        listenerWatch: ListenerWatch = ListenerWatch(),
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.handler = handler
        self.documents = documents
        self.makeRequestID = makeRequestID
        self.makeTraceID = makeTraceID
        self.now = now
        self.isDraining = isDraining
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        self.limits = limits
        self.watch = watch
        self.listenerWatch = listenerWatch
        self.onServerRunning = onServerRunning
    }

    /// Binds and serves until a graceful shutdown.
    ///
    /// - Throws: The error of binding the address.
    package func run() async throws {
        try await self.server.run()
    }

    private var server: any Service {
        let roster = ConnectionRoster()
        let channel = EdgeChannel(
            responder: { [responder] request, writer, _ in
                let (response, note) = await responder.respond(to: request)
                do {
                    try await writer.write(response: response.head, body: response.body)
                    note.handedOver()
                } catch is HTTPParserError {
                    note.handedOver()
                    // Bytes behind the request are invalid: this answer is the last.
                    throw CancellationError()
                } catch {
                    note.lost()
                    throw error
                }
            },
            limits: self.limits,
            roster: roster,
            refuse: self.refusal
        )
        return channel.server(
            configuration: ServerConfiguration(
                address: .hostname(self.host, port: self.port),
                backlog: Self.backlog
            ),
            onServerRunning: { [onServerRunning, port] channel in
                await self.keepGate(of: channel, roster)
                await onServerRunning(channel.localAddress?.port ?? port)
            },
            eventLoopGroup: self.eventLoopGroup,
            logger: self.logger
        )
    }

    /// The length of the listen queue.
    private static let backlog = 1_024

    /// Installs the connection limit before all other handlers.
    ///
    /// Ignores a listener that has closed already.
    private func keepGate(of listener: any Channel, _ roster: ConnectionRoster) async {
        let (connectionsMax, watch) = (self.limits.connectionsMax, self.listenerWatch)
        try? await listener.eventLoop.submit {
            try listener.pipeline.syncOperations.addHandler(
                AcceptGate(connectionsMax: connectionsMax, roster: roster, watch: watch),
                position: .first
            )
        }.get()
    }

    private var responder: EdgeResponder {
        EdgeResponder(
            handler: self.handler,
            documents: self.documents,
            makeRequestID: self.makeRequestID,
            makeTraceID: self.makeTraceID,
            now: self.now,
            isDraining: self.isDraining,
            limits: self.limits,
            log: AccessLog(logger: self.logger, watch: self.watch)
        )
    }

    /// Answers bytes that are not a request, and therefore have no method and path.
    private var refusal: ConnectionGuard.Refusal {
        let log = AccessLog(logger: self.logger, watch: self.watch)
        return { [makeRequestID, now] failure in
            var answer = EdgeAnswer(failure, instance: "/", requestID: makeRequestID())
            answer.date = HTTPDate(unixTime: now())
            log.refused(status: answer.status, requestID: answer.requestID)
            return answer
        }
    }
}
