package import StrictJSON

/// A response of the gateway before its encoding as HTTP and JSON.
package struct GatewayResponse: Hashable, Sendable {
    /// The HTTP status code.
    package var status: Int

    /// Headers beyond content type, length and `X-Request-Id`, which the edge adds.
    package var headers: [Header]

    /// The JSON body; members keep their order.
    package var body: JSONValue

    /// The matched route's path template, for metrics; nil if no route matched.
    package var route: String?

    /// The authenticated subject, for logs only; nil before authentication.
    package var subject: String?

    package init(status: Int, headers: [Header] = [], body: JSONValue) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// `application/problem+json` for every error, `application/json` otherwise.
    package var contentType: String {
        let isProblem = self.status >= 400 && self.body["type"] != nil
        return isProblem ? "application/problem+json" : "application/json"
    }

    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}

extension GatewayResponse {
    /// Status 200 with the result of an action.
    init(answer: ActionAnswer) {
        let replayed = Header("Idempotency-Replayed", "true")
        self.init(status: 200, headers: answer.isReplay ? [replayed] : [], body: answer.body)
    }

    /// The state of `services`: 503 if an essential one is not serving, 200 otherwise.
    package init(health services: [ServiceHealth]) {
        let isReady = services.allSatisfy { $0.isServing || !$0.isEssential }
        let isWhole = services.allSatisfy(\.isServing)
        self.init(
            status: isReady ? 200 : 503,
            body: [
                "status": .string(isWhole ? "SERVING" : isReady ? "DEGRADED" : "NOT_SERVING"),
                "services": .object(
                    JSONObject(distinct: services.map { .init($0.name, .string($0.status)) })
                ),
            ]
        )
    }
}
