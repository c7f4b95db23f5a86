internal import Domain

/// A request that never became a ``GatewayRequest``: the edge answers it and closes the connection.
enum EdgeFailure: Error, Hashable {
    /// Not HTTP/1.1 as RFC 9112 has it.
    case malformed(String)
    /// A request target that is no path of ours, or one with a bad escape.
    case malformedTarget(String)
    case headTooLarge(limit: Int)
    case headTimedOut
    case bodyTimedOut
    /// The peer closed before the body was complete.
    case truncated

    /// The answer: a problem document with the members that the gateway's have (RFC 9457).
    ///
    /// `instance` is the path as it was sent, `/` when there was none to be read.
    func response(instance: String, requestID: String) -> GatewayResponse {
        let kind = self.kind
        return GatewayResponse(
            status: kind.status,
            body: [
                "type": .string("urn:florin:problem:" + kind.code),
                "title": .string(kind.title),
                "status": .integer(Int64(kind.status)),
                "detail": .string(self.detail),
                "instance": .string(instance),
                "code": .string(kind.code),
                "request_id": .string(requestID),
                "retryable": .bool(kind.status == 408),
                "errors": .array([]),
            ]
        )
    }

    private var kind: (status: Int, code: String, title: String) {
        switch self {
        case .malformed, .truncated: (400, "malformed_request", "The request is malformed")
        case .malformedTarget: (400, "malformed_target", "The request target is malformed")
        case .headTooLarge: (431, "header_too_large", "The request header is too large")
        case .headTimedOut, .bodyTimedOut: (408, "request_timeout", "The request took too long")
        }
    }

    private var detail: String {
        switch self {
        case .malformed(let what), .malformedTarget(let what): what
        case .headTooLarge(let limit): "The request line and header exceed \(limit) bytes."
        case .headTimedOut: "The header was not complete in time."
        case .bodyTimedOut: "The body was not complete in time."
        case .truncated: "The connection ended before the body did."
        }
    }
}

extension Problem {
    /// What the edge itself answers can only be read.
    static let onlyReadable = Problem.takesOnly("GET, HEAD")
}
