package import Domain

/// The handler of an ``EdgeServer`` that serves a process's health beside its gRPC port.
package struct HealthEndpoint: Sendable {
    private let reporting: any HealthReporting
    private let others: [String]

    /// `others` are paths served elsewhere; listed in the 404.
    package init(reporting: any HealthReporting, others: [String] = []) {
        self.reporting = reporting
        self.others = others
    }

    /// Answers a ``HealthCheck``; 404 for other paths, 405 for other methods.
    package func respond(
        to request: GatewayRequest,
        context: EdgeContext
    ) async -> GatewayResponse {
        guard let check = HealthCheck(rawValue: request.path) else {
            let paths = self.others + HealthCheck.allCases.map(\.rawValue)
            return Problem(.routeNotFound, "There is only \(paths.joined(separator: ", ")) here.")
                .response(path: request.path, requestID: request.requestID)
        }
        guard request.method == "GET" || request.method == "HEAD" else {
            return Problem.onlyReadable
                .response(path: request.path, requestID: request.requestID)
        }
        return await self.reporting.answer(check)
    }
}
