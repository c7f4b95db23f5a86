import Composition
import Domain
import Edge
import Logging
import NIOCore
import StrictJSON
import Telemetry
import TransportCore

/// The admin server of a process: HTTP on a port of its own.
///
/// Serves health, metrics, configuration, circuit breakers and endpoints, and changes the log
/// level.
struct AdminServer {
    let configuration: SystemConfiguration
    let services: [ServiceName]
    let health: any HealthReporting
    let registry: MetricRegistry
    let introspection: Introspection
    let level: LogLevelSwitch

    /// The server at `endpoint`.
    func edge(
        at endpoint: Endpoint,
        _ dependencies: ServiceDependencies,
        group: any EventLoopGroup,
        onRunning: @escaping @Sendable (Int) async -> Void
    ) -> EdgeServer {
        let documents = [self.metrics, self.config, self.breakers, self.endpoints]
        return EdgeServer(
            host: endpoint.host,
            port: endpoint.port,
            handler: AdminEndpoint(
                health: HealthEndpoint(
                    reporting: self.health,
                    others: documents.map(\.path) + [AdminEndpoint.levelPath]
                ),
                level: self.level
            ).respond,
            documents: documents,
            makeRequestID: { dependencies.freshName() },
            now: dependencies.unixTime,
            eventLoopGroup: group,
            logger: Logger(label: "florin.admin") { _ in SwiftLogNoOpLogHandler() },
            onServerRunning: onRunning
        )
    }

    private var metrics: EdgeDocument {
        EdgeDocument(path: "/metrics") { [registry] accept in
            let format = MetricText.Format(accept: accept)
            return EdgeDocument.Content(
                contentType: format.contentType,
                bytes: Array(await MetricText.write(registry, as: format).utf8)
            )
        }
    }

    private var config: EdgeDocument {
        let shown = ShownConfiguration(self.configuration, self.services).json
        return EdgeDocument(path: "/config") { _ in .json(shown) }
    }

    private var breakers: EdgeDocument {
        EdgeDocument(path: "/breakers") { [introspection] _ in
            var list: [JSONValue] = []
            for (target, breaker) in introspection.breakers {
                for (method, state) in breaker.states {
                    list.append([
                        "target": .string(target), "method": .string(method),
                        "state": .string(state.rawValue),
                    ])
                }
            }
            return .json(["breakers": .array(list)])
        }
    }

    private var endpoints: EdgeDocument {
        EdgeDocument(path: "/endpoints") { [introspection] _ in
            let list = await introspection.endpoints().map { target, address, state -> JSONValue in
                [
                    "target": .string(target), "address": .string(address),
                    "state": .string(state.rawValue),
                ]
            }
            return .json(["endpoints": .array(list)])
        }
    }
}

extension EdgeDocument.Content {
    fileprivate static func json(_ value: JSONValue) -> Self {
        Self(contentType: "application/json", bytes: JSONWriter.write(value))
    }
}

/// The routes of the admin server besides its documents.
private struct AdminEndpoint: Sendable {
    static let levelPath = "/log-level"

    let health: HealthEndpoint
    let level: LogLevelSwitch

    @Sendable
    func respond(to request: GatewayRequest, context: EdgeContext) async -> GatewayResponse {
        if request.path == Self.levelPath { return self.logLevel(request) }
        return await self.health.respond(to: request, context: context)
    }

    private func logLevel(_ request: GatewayRequest) -> GatewayResponse {
        switch request.method {
        case "GET", "HEAD": return self.answer
        case "POST": return self.setLevel(request)
        default:
            return Problem.takesOnly("GET, HEAD, POST")
                .response(path: request.path, requestID: request.requestID)
        }
    }

    private func setLevel(_ request: GatewayRequest) -> GatewayResponse {
        guard case .read(let fields) = request.fields, fields.count == 1,
            fields[0].name == "level", let name = fields[0].value.word,
            let level = Logger.Level(rawValue: name)
        else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            return Problem(.validationFailed, "Send level: one of \(levels).")
                .response(path: request.path, requestID: request.requestID)
        }
        self.level.level = level
        return self.answer
    }

    private var answer: GatewayResponse {
        GatewayResponse(status: 200, body: ["level": .string(self.level.level.rawValue)])
    }
}

extension GatewayRequest.FieldValue {
    /// The text of a form field or JSON string.
    fileprivate var word: String? {
        switch self {
        case .text(let text), .string(let text): text
        default: nil
        }
    }
}
