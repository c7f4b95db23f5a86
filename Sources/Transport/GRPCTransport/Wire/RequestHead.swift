import TransportCore

/// The header block of a request, checked against "gRPC over HTTP/2", "Requests".
struct RequestHead {
    /// The method: `package.Service/Method`.
    var method = ""
    var timeout: Duration?
    var metadata: Metadata = [:]
    var encoding = MessageEncoding.identity
    /// True when the caller accepts gzip.
    var acceptsGzip = false

    /// The reason for refusing a header block.
    enum Refusal: Error {
        /// The peer does not speak gRPC and gets an HTTP status.
        case http(status: Int, allow: String?)
        /// The caller gets a gRPC status.
        case status(RPCError)
    }

    private var isPost = false
    private var isGRPC = false

    /// Parses and checks a header block.
    static func parse(_ fields: FieldBytes) throws(Refusal) -> RequestHead {
        var head = RequestHead()
        for span in fields.spans { try head.take(fields.name(span), fields.value(span)) }
        guard head.isPost else { throw .http(status: 405, allow: "POST") }
        guard head.isGRPC else { throw .http(status: 415, allow: nil) }
        return head
    }

    private mutating func take(
        _ name: ArraySlice<UInt8>,
        _ value: ArraySlice<UInt8>
    ) throws(Refusal) {
        if name.first == UInt8(ascii: ":") {
            if name.equals(":path") {
                self.method = String(decoding: value.dropFirst(), as: UTF8.self)
            }
            if name.equals(":method") { self.isPost = value.equals("POST") }
        } else if name.equals("content-type") {
            self.isGRPC = value.isGRPCContentType
        } else if name.starts(with: "grpc-") {
            try self.takeReserved(name, value)
        } else if !name.isHTTPOwn {
            try self.takeMetadata(name, value)
        }
    }

    private mutating func takeReserved(
        _ name: ArraySlice<UInt8>,
        _ value: ArraySlice<UInt8>
    ) throws(Refusal) {
        if name.equals("grpc-timeout") {
            guard let timeout = GRPCTimeout.decode(value) else {
                throw .status(.badTimeout)
            }
            self.timeout = timeout
        } else if name.equals("grpc-encoding") {
            guard let encoding = MessageEncoding(value) else {
                throw .status(.unknownEncoding(value))
            }
            self.encoding = encoding
        } else if name.equals("grpc-accept-encoding") {
            self.acceptsGzip = self.acceptsGzip || value.acceptsGzip
        } else if name.equals("grpc-previous-rpc-attempts") {
            try self.takeMetadata(name, value)
        }
    }

    private mutating func takeMetadata(
        _ name: ArraySlice<UInt8>,
        _ value: ArraySlice<UInt8>
    ) throws(Refusal) {
        let text = String(decoding: name, as: UTF8.self)
        guard self.metadata.append(wireName: text, value) else {
            throw .status(RPCError(.internalError, "metadata '\(text)' is not base64"))
        }
    }
}

extension RPCError {
    fileprivate static let badTimeout = RPCError(
        .internalError,
        "grpc-timeout is 1 to 8 digits and one of H M S m u n"
    )

    fileprivate static func unknownEncoding(_ value: ArraySlice<UInt8>) -> RPCError {
        let encoding = String(decoding: value.prefix(32), as: UTF8.self)
        return RPCError(
            .unimplemented,
            "grpc-encoding '\(encoding)' is not known here; \(MessageEncoding.accepted) are"
        )
    }
}

extension ArraySlice<UInt8> {
    /// True for names that belong to HTTP and mean nothing to an application.
    fileprivate var isHTTPOwn: Bool {
        switch self.count {
        case 2: self.equals("te")
        case 4: self.equals("host")
        case 10: self.equals("user-agent")
        case 14: self.equals("content-length")
        default: false
        }
    }

    /// True for `application/grpc`, alone or followed by `+proto` or a parameter.
    var isGRPCContentType: Bool {
        guard self.starts(with: "application/grpc") else { return false }
        let rest = self.dropFirst(16)
        return rest.isEmpty || rest.first == UInt8(ascii: ";") || rest.equals("+proto")
            || rest.starts(with: "+proto;")
    }
}
