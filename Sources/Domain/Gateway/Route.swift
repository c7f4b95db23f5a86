/// One thing that a client can ask over HTTP.
package struct Route: Hashable, Sendable {
    /// `GET` or `POST`; `HEAD` is answered like `GET`.
    package let method: String
    package let path: PathTemplate
    package let summary: String
    package let target: Target
    /// What the caller's token must hold; nil for anybody, and where the action decides.
    package let scope: String?
    /// What it takes, wherever that stands: path, query or body.
    package let fields: [FieldRule]
    /// The members of its answer; empty where the action decides.
    package let answer: [AnswerField]

    /// Who answers.
    package enum Target: Hashable, Sendable {
        /// The action of this name.
        case action(String)
        /// The action that the request names.
        case catalogue
        /// The gateway itself, about its services.
        case health(HealthCheck)
        /// The edge, with a document made of the routes.
        case document
    }
}

/// A path in which segments in braces stand for anything: `/payments/{payment_id}`.
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

    /// What stands for the names in braces, as fields; nil when the path of these segments is
    /// another one.
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

    /// What stands between the slashes of a path.
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
