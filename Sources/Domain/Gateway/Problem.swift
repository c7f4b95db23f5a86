package import StrictJSON

/// An error as clients of the gateway see it (RFC 9457); never contains internal text.
package struct Problem: Error, Hashable, Sendable {
    package var code: ProblemCode
    /// A sentence about this request.
    package var detail: String
    package var violations: [FieldViolation]
    /// Response headers, such as `WWW-Authenticate`.
    package var headers: [GatewayResponse.Header]
    /// True if the same request may succeed later.
    package var isRetryable: Bool
    /// Members of the body beyond the common ones.
    package var members: [JSONObject.Member]

    package init(
        _ code: ProblemCode,
        _ detail: String,
        violations: [FieldViolation] = [],
        headers: [GatewayResponse.Header] = [],
        members: [JSONObject.Member] = []
    ) {
        self.code = code
        self.isRetryable = code.isRetryable
        self.detail = detail
        self.violations = violations
        self.headers = headers
        self.members = members
    }

    /// The most violations that one answer lists.
    package static let violationsMax = 32

    /// 405 for a path that supports only `methods`, such as `GET, HEAD` (RFC 9110 § 15.5.6).
    package static func takesOnly(_ methods: String) -> Problem {
        Problem(
            .methodNotAllowed,
            "The path takes \(methods).",
            headers: [.init("Allow", methods)]
        )
    }

    /// The problem document for the request `requestID` to `path`.
    package func response(path: String, requestID: String) -> GatewayResponse {
        let common: [JSONObject.Member] = [
            .init("type", .string("urn:florin:problem:" + self.code.rawValue)),
            .init("title", .string(self.code.title)),
            .init("status", .integer(Int64(self.code.status))),
            .init("detail", .string(self.detail)),
            .init("instance", .string(path)),
            .init("code", .string(self.code.rawValue)),
            .init("request_id", .string(requestID)),
            .init("retryable", .bool(self.isRetryable)),
            .init("errors", .array(self.violations.prefix(Self.violationsMax).map(Self.error))),
        ]
        return GatewayResponse(
            status: self.code.status,
            headers: self.headers,
            body: .object(JSONObject(distinct: common + self.members))
        )
    }

    private static func error(_ violation: FieldViolation) -> JSONValue {
        ["field": .string(violation.field), "detail": .string(violation.description)]
    }
}

extension Problem {
    /// Missing token; the challenge carries no error code (RFC 6750 § 3.1).
    static let missingCredentials = Problem(
        .missingCredentials,
        "Send Authorization: Bearer and a token.",
        headers: [.init("WWW-Authenticate", #"Bearer realm="florin""#)]
    )

    /// A rejected token, or more than one.
    static let invalidToken = Problem(
        .invalidToken,
        "The token is malformed, expired, or not for this service.",
        headers: [
            .init("WWW-Authenticate", #"Bearer realm="florin", error="invalid_token""#)
        ]
    )

    /// A valid token without the required scope.
    static func insufficientScope(_ scope: String) -> Problem {
        let scope = Scope.isValid(scope) ? scope : ""
        let challenge = #"Bearer realm="florin", error="insufficient_scope", scope="\#(scope)""#
        return Problem(
            .insufficientScope,
            "This needs the scope \(scope).",
            headers: [.init("WWW-Authenticate", challenge)]
        )
    }
}

extension Problem {
    /// The problem document for an unreadable body.
    init(_ problem: GatewayRequest.BodyProblem) {
        self =
            switch problem {
            case .tooLarge(let limit):
                Problem(.bodyTooLarge, "A body has at most \(limit) bytes.")
            case .unsupportedType:
                Problem(
                    .unsupportedMediaType,
                    "Send application/json or application/x-www-form-urlencoded."
                )
            case .encoded:
                // RFC 9110 § 12.5.3
                Problem(
                    .unsupportedMediaType,
                    "Send the body without Content-Encoding.",
                    headers: [.init("Accept-Encoding", "identity")]
                )
            case .malformed(let detail):
                Problem(.malformedBody, detail)
            }
    }
}

extension GatewayRequest {
    /// The fields, or the error with which the edge failed to read them.
    func readFields() throws(Problem) -> [Field] {
        switch self.fields {
        case .read(let fields): return fields
        case .unreadable(let problem): throw Problem(problem)
        }
    }
}
