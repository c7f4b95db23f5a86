/// An HTTP endpoint.
package struct Route: Hashable, Sendable {
    /// `GET` or `POST`; `HEAD` is answered like `GET`.
    package let method: String
    package let path: PathTemplate
    package let summary: String
    package let target: Target
    /// The required scope; nil if the route is open or the action decides.
    package let scope: String?
    /// The accepted fields, whether from path, query or body.
    package let fields: [FieldRule]
    /// The members of the response body; empty if the action decides.
    package let answer: [AnswerField]

    /// The handler of a route.
    package enum Target: Hashable, Sendable {
        /// The action of this name.
        case action(String)
        /// The action that the request names.
        case catalogue
        /// The gateway's own health check.
        case health(HealthCheck)
        /// The OpenAPI document, served by the edge.
        case document
    }
}

/// A path template; segments in braces match anything, as in `/payments/{payment_id}`.
package struct PathTemplate: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    private let segments: [Substring]

    init(_ text: String) {
        self.description = text
        self.segments = Self.segments(of: text)
    }

    /// The names in braces, in order.
    package var parameters: [String] {
        self.segments.compactMap(Self.parameter)
    }

    /// The values of the parameters as fields, or nil if the path does not match.
    func match(_ given: [Substring]) -> [GatewayRequest.Field]? {
        guard given.count == self.segments.count else { return nil }
        var fields: [GatewayRequest.Field] = []
        for (segment, value) in zip(self.segments, given) {
            if let name = Self.parameter(segment) {
                guard !value.isEmpty else { return nil }
                fields.append(.init(name, .text(String(value))))
            } else if segment != value {
                return nil
            }
        }
        return fields
    }

    /// The segments of a path, empty ones included.
    static func segments(of path: String) -> [Substring] {
        let slash = UInt8(ascii: "/")
        return path.utf8.split(separator: slash, omittingEmptySubsequences: false).map {
            Substring($0)
        }
    }

    private static func parameter(_ segment: Substring) -> String? {
        guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return nil }
        return String(segment.dropFirst().dropLast())
    }
}
