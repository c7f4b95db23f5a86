internal import Domain
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import NIOHTTP1
internal import StrictJSON

/// A response in plain values, convertible to Hummingbird's and to NIO's types.
struct EdgeAnswer {
    var status: Int
    var contentType: String
    var headers: [GatewayResponse.Header] = []
    var body: [UInt8]
    var requestID: String

    /// The `Date` header.
    var date: HTTPDate?

    /// The path template, for metrics; nil if no route matched.
    var route: String?

    /// The authenticated subject, for logs; nil if unknown.
    var subject: String?

    /// True if the connection ends with this answer.
    var closes = false

    private var fields: [(name: String, value: String)] {
        var fields = [
            ("Content-Type", self.contentType),
            ("Content-Length", String(self.body.count)),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Request-Id", self.requestID),
        ]
        if let date = self.date { fields.append(("Date", date.description)) }
        if self.closes { fields.append(("Connection", "close")) }
        return fields + self.headers.map { ($0.name, $0.value) }
    }

    /// The response for Hummingbird; for `HEAD`, without a body but with its length.
    func response(omittingBody: Bool) -> Response {
        var headers = HTTPFields()
        for (name, value) in self.fields {
            guard let name = HTTPField.Name(name) else { continue }
            headers.append(HTTPField(name: name, value: value))
        }
        return Response(
            status: HTTPResponse.Status(code: self.status),
            headers: headers,
            body: omittingBody ? ResponseBody() : ResponseBody(byteBuffer: self.buffer)
        )
    }

    /// The response for a connection whose request never reached Hummingbird.
    var parts: [HTTPServerResponsePart] {
        let head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: self.status),
            headers: HTTPHeaders(self.fields.map { ($0.name, $0.value) })
        )
        return [.head(head), .body(.byteBuffer(self.buffer)), .end(nil)]
    }

    private var buffer: ByteBuffer { ByteBuffer(bytes: self.body) }
}

extension EdgeAnswer {
    init(_ response: GatewayResponse, requestID: String) {
        self.init(
            status: response.status,
            contentType: response.contentType,
            headers: response.headers,
            body: JSONWriter.write(response.body),
            requestID: requestID
        )
        self.route = response.route
        self.subject = response.subject
    }

    init(_ failure: EdgeFailure, instance: String, requestID: String) {
        self.init(
            failure.problem.response(path: instance, requestID: requestID),
            requestID: requestID
        )
        self.closes = true
    }
}
