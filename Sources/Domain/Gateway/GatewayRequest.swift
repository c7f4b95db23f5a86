/// An HTTP request as plain values.
///
/// The edge makes it from a socket, a drill by hand; the ``Gateway`` treats both alike.
package struct GatewayRequest: Hashable, Sendable {
    /// The HTTP method in capitals, such as `POST`.
    package var method: String

    /// The path, percent-decoded by segment, without the query.
    package var path: String

    /// Every value of the `Authorization` header, in order; more than one is refused.
    package var authorization: [String]

    /// Every value of the `Idempotency-Key` header, in order; more than one is refused.
    package var idempotencyKeys: [String]

    /// The fields of query and body, or the reason why the body is unreadable.
    package var fields: Fields

    /// Identifies the request in answers, logs and internal calls; already validated or generated
    /// by the edge.
    package var requestID: String

    package init(
        method: String,
        path: String,
        authorization: [String] = [],
        idempotencyKeys: [String] = [],
        fields: Fields = .read([]),
        requestID: String
    ) {
        self.method = method
        self.path = path
        self.authorization = authorization
        self.idempotencyKeys = idempotencyKeys
        self.fields = fields
        self.requestID = requestID
    }

    /// The fields of a request; validated only after authentication.
    package enum Fields: Hashable, Sendable {
        /// Fields in the order received, query first. Names may repeat.
        case read([Field])

        /// The reason why the body is unreadable.
        case unreadable(BodyProblem)
    }

    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: FieldValue

        package init(_ name: String, _ value: FieldValue) {
            self.name = name
            self.value = value
        }
    }

    /// A value as written; numbers keep their text, so `1e2` is never mistaken for `100`.
    package enum FieldValue: Hashable, Sendable {
        /// A value from a form or query, where everything is text.
        case text(String)
        /// A JSON string.
        case string(String)
        /// A JSON number as written.
        case number(String)
        case bool(Bool)
        case null
        /// A JSON array or object; no field takes one.
        case composite
    }

    package enum BodyProblem: Hashable, Sendable {
        /// Over the edge's limit, in bytes: 413.
        case tooLarge(limit: Int)
        /// A content type that is neither JSON nor a form: 415.
        case unsupportedType(String)
        /// A content encoding, such as gzip: 415.
        case encoded
        /// Neither a valid JSON object nor a valid form: 400, with the error and its place.
        case malformed(String)
    }
}
