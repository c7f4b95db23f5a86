import NIOCore
import NIOPosix
import Testing
import TransportCore

@testable import GRPCTransport

/// A real server on a free port of this machine, for the duration of a test.
struct ServerUnderTest: Sendable {
    let server: GRPCServer

    var port: Int { self.server.endpoint.port }

    /// Runs `body` against a server of `methods`, which must still answer a well-behaved client
    /// afterwards.
    static func run(
        _ methods: [RegisteredMethod] = [.echo, .echoStream],
        setting: EnvironmentSetting? = nil,
        _ body: (ServerUnderTest) async throws -> Void
    ) async throws {
        let under = try await self.start(methods, setting: setting)
        do {
            try await body(under)
            try await under.expectHealthy()
        } catch {
            await under.server.stop()
            throw error
        }
        await under.server.stop()
    }

    static func start(
        _ methods: [RegisteredMethod] = [.echo, .echoStream],
        setting: EnvironmentSetting? = nil,
        port: Int = 0
    ) async throws -> ServerUnderTest {
        var environment = ServerConnection.Environment(
            router: try Router(methods, policies: []),
            limits: TransportLimits(),
            timeline: Timeline(ContinuousClock())
        )
        setting?.apply(&environment)
        let server = try await GRPCServer.start(
            environment,
            at: Endpoint(host: "127.0.0.1", port: port),
            group: .singleton
        )
        return ServerUnderTest(server: server)
    }

    /// Opens a raw connection and exchanges preface and SETTINGS.
    func connect(_ settings: Frame = .settings()) async throws -> RawConnection {
        let connection = try await RawConnection.open(port: self.port)
        try await connection.shakeHands(settings)
        return connection
    }

    /// Opens a raw connection without sending anything.
    func open() async throws -> RawConnection { try await RawConnection.open(port: self.port) }

    /// Runs `body` with a well-behaved client.
    func withClient<Result>(
        _ options: HTTP2Transport.Options = .init(),
        _ body: (any TransportCore.Channel) async throws -> Result
    ) async throws -> Result {
        let endpoint = Endpoint(host: "127.0.0.1", port: self.port)
        return try await withChannel(to: endpoint, options, body)
    }

    private func expectHealthy() async throws {
        guard self.server.isListening else { return }
        let reply = try await self.withClient { client in
            try await client.unary(.echo, [7])
        }
        #expect(reply.message == [7])
    }
}

/// A change to a server's environment.
struct EnvironmentSetting {
    let apply: (inout ServerConnection.Environment) -> Void

    init<Value>(_ path: WritableKeyPath<ServerConnection.Environment, Value>, _ value: Value) {
        self.apply = { $0[keyPath: path] = value }
    }
}

/// A group of one loop; a channel on it has one event-loop channel and one connection.
let oneLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1)

/// Runs `body` with a channel to `endpoint`.
func withChannel<Result>(
    to endpoint: Endpoint,
    _ options: HTTP2Transport.Options = .init(),
    limits: TransportLimits = TransportLimits(),
    on group: MultiThreadedEventLoopGroup = .singleton,
    _ body: (any TransportCore.Channel) async throws -> Result
) async throws -> Result {
    let transport = HTTP2Transport(
        group: group,
        timeline: Timeline(ContinuousClock()),
        limits: limits,
        options: options
    )
    do {
        let result = try await body(transport.channel(to: endpoint))
        await transport.shutdown()
        return result
    } catch {
        await transport.shutdown()
        throw error
    }
}

extension OutgoingCall {
    static let echo = OutgoingCall(method: "test.Echo/Unary", timeout: .seconds(300))
    static let echoStream = OutgoingCall(method: "test.Echo/Stream", timeout: .seconds(300))
}

extension RegisteredMethod {
    static let echo = RegisteredMethod.unary("test.Echo/Unary") { UnaryReply($0) }

    static let echoStream = RegisteredMethod.streaming("test.Echo/Stream") { requests, writer in
        while let message = try await requests.next() { try await writer.send(message) }
        return [:]
    }

    static func unary(
        _ name: String,
        _ answer: @escaping @Sendable ([UInt8]) async throws -> UnaryReply
    ) -> RegisteredMethod {
        let handler = RegisteredMethod.Handler.unary { _, message in try await answer(message) }
        return RegisteredMethod(name: name, kind: .unary, handler: handler)
    }

    static func streaming(
        _ name: String,
        _ answer: @escaping @Sendable (RequestMessages, ResponseWriter) async throws -> Metadata
    ) -> RegisteredMethod {
        let handler = RegisteredMethod.Handler.streaming { _, requests, writer in
            try await answer(requests, writer)
        }
        return RegisteredMethod(name: name, kind: .bidirectional, handler: handler)
    }
}

/// The header fields of a well-behaved client's request.
func requestFields(
    _ path: String = "/test.Echo/Unary",
    _ more: [(String, String)] = [],
    without: Set<String> = []
) -> [(String, String)] {
    let usual = [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "test"),
        ("te", "trailers"), ("content-type", "application/grpc"),
    ]
    return usual.filter { !without.contains($0.0) } + more
}

/// The error that `body` throws, or nil.
func failure(_ body: () async throws -> Void) async -> RPCError? {
    do {
        try await body()
        return nil
    } catch let error as RPCError {
        return error
    } catch {
        Issue.record("not a status: \(error)")
        return nil
    }
}
