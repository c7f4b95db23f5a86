internal import Domain

/// A request that could not be read: the edge answers it and closes the connection.
enum EdgeFailure: Error, Hashable {
    /// Not a valid HTTP/1.1 request (RFC 9112).
    case malformed(String)
    /// An invalid request target, or a malformed percent escape in it.
    case malformedTarget(String)
    case headTooLarge(limit: Int)
    case headTimedOut
    case bodyTimedOut
    /// The peer closed before the body was complete.
    case truncated

    /// A problem document with the same members as the gateway's (RFC 9457).
    ///
    /// `instance` is the path as sent, or `/` if none was readable.
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
    /// 405 for the edge's own resources, which are read-only.
    static let onlyReadable = Problem.takesOnly("GET, HEAD")
}
