package import Domain

/// `GET /health` for one process: the handler of a small ``EdgeServer`` beside its gRPC port.
package struct HealthEndpoint: Sendable {
    private static let path = "/health"

    private let reporting: any HealthReporting

    package init(reporting: any HealthReporting) {
        self.reporting = reporting
    }

    /// 200 if every service serves, else 503; 404 and 405 for all else.
    package func respond(
        to request: GatewayRequest,
        context: EdgeContext
    ) async -> GatewayResponse {
        guard request.path == Self.path else {
            return Problem(.routeNotFound, "There is only \(Self.path) here.")
                .response(path: request.path, requestID: request.requestID)
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return Problem.onlyReadable
                .response(path: request.path, requestID: request.requestID)
        }
        return Self.answer(await self.reporting.health())
    }

    private static func answer(_ services: [ServiceHealth]) -> GatewayResponse {
        let isServing = services.allSatisfy(\.isServing)
        return GatewayResponse(
            status: isServing ? 200 : 503,
            body: [
                "status": .string(isServing ? "SERVING" : "NOT_SERVING"),
                "services": .object(services.map { .init($0.name, .string($0.status)) }),
            ]
        )
    }
}
