/// One HTTP request as the gateway sees it: plain values, whoever carried the bytes.
///
/// The edge makes one from a socket, a scenario makes one by hand; the ``Gateway`` cannot tell them apart.
package struct GatewayRequest: Hashable, Sendable {
    /// The HTTP method in capitals, such as `POST`.
    package var method: String

    /// The path, percent-decoded by segment, without the query.
    package var path: String

    /// Every value of the `Authorization` header, in order; more than one is refused.
    package var authorization: [String]

    /// Every value of the `Idempotency-Key` header, in order; more than one is refused.
    package var idempotencyKeys: [String]

    /// What query and body said, or why the body could not be read.
    package var fields: Fields

    /// Names this request in answers, logs and calls; already checked or made by the edge.
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

    /// The fields of a request, judged only after its caller was authenticated.
    package enum Fields: Hashable, Sendable {
        /// Fields in the order in which they came, query first. A name may stand there twice.
        case read([Field])

        /// The body could not be read as fields.
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

    /// A value as it was written; numbers keep their text, so `1e2` is never mistaken for `100`.
    package enum FieldValue: Hashable, Sendable {
        /// From a form or a query, where everything is text.
        case text(String)
        /// A JSON string.
        case string(String)
        /// A JSON number, as written.
        case number(String)
        case bool(Bool)
        case null
        /// A JSON array or object: no field of ours takes one.
        case composite
    }

    package enum BodyProblem: Hashable, Sendable {
        /// Over the edge's limit, in bytes: 413.
        case tooLarge(limit: Int)
        /// A content type that is neither JSON nor a form: 415.
        case unsupportedType(String)
        /// Neither valid JSON object nor valid form: 400, with what was wrong and where.
        case malformed(String)
    }
}
