package import Domain

/// `GET /health` for one process: the handler of a small ``EdgeServer`` beside its gRPC port.
package struct HealthEndpoint: Sendable {
    private static let path = "/health"

    private let reporting: any HealthReporting
    private let others: [String]

    /// `others` are paths that somebody else answers, for who asks for one that there is not.
    package init(reporting: any HealthReporting, others: [String] = []) {
        self.reporting = reporting
        self.others = others
    }

    /// 200 if every service serves, else 503; 404 and 405 for all else.
    package func respond(
        to request: GatewayRequest,
        context: EdgeContext
    ) async -> GatewayResponse {
        guard request.path == Self.path else {
            let paths = self.others + [Self.path]
            return Problem(.routeNotFound, "There is only \(paths.joined(separator: ", ")) here.")
                .response(path: request.path, requestID: request.requestID)
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return Problem.onlyReadable
                .response(path: request.path, requestID: request.requestID)
        }
        return GatewayResponse(health: await self.reporting.health())
    }
}
