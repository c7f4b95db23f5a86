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

    /// The problem that the client sees.
    var problem: Problem { Problem(self.code, self.detail) }

    private var code: ProblemCode {
        switch self {
        case .malformed, .truncated: .malformedRequest
        case .malformedTarget: .malformedTarget
        case .headTooLarge: .headerTooLarge
        case .headTimedOut, .bodyTimedOut: .requestTimeout
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
