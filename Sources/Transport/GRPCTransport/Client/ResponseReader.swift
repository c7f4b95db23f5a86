import TransportCore

/// Reads the response to one request from its frames: pure state, without a socket.
struct ResponseReader {
    enum Action {
        case none
        case headers(Metadata)
        /// The call has ended, with its trailing metadata or an error.
        case end(Result<Metadata, RPCError>)
    }

    private enum State {
        case awaitingHeaders
        case readingMessages
        case ended
    }

    private var state = State.awaitingHeaders
    private var deframer: MessageDeframer
    private let metadataBytesMax: Int

    /// True once the service has answered, with anything but UNAVAILABLE at once.
    ///
    /// The error page of a proxy is not an answer of the service.
    private(set) var isAnswered = false

    /// True when the server accepts gzip, by its last header block; nil when that does not tell.
    private(set) var serverAcceptsGzip: Bool?

    /// Creates a reader for one message, or for any number.
    init(_ limits: TransportLimits, isUnary: Bool = false) {
        self.deframer = MessageDeframer(
            messageBytesMax: limits.messageBytesMax,
            sender: "server",
            surplus: isUnary ? .secondResponse : nil
        )
        self.metadataBytesMax = limits.metadataBytesMax
    }

    /// Reads a header block; nil stands for an oversized one.
    mutating func receive(_ fields: FieldBytes?, endStream: Bool) -> Action {
        guard let fields else { return self.end(.failure(.headersTooLarge)) }
        let block = ResponseBlock.parse(fields)
        self.serverAcceptsGzip = block.acceptsGzip
        switch self.state {
        case .ended: return .none
        case .readingMessages: return self.end(self.outcome(block, httpStatus: nil))
        case .awaitingHeaders:
            if let status = block.httpStatus, (100..<200).contains(status), !endStream {
                return .none
            }
            self.isAnswered = block.isAnswer
            if endStream || block.status != nil || block.refusal != nil {
                return self.end(self.outcome(block, httpStatus: block.httpStatus))
            }
            guard block.metadata.size <= self.metadataBytesMax else {
                return self.end(.failure(.headersTooLarge))
            }
            self.state = .readingMessages
            self.deframer.encoding = block.encoding
            return .headers(block.metadata)
        }
    }

    /// Takes the next message from `bytes`.
    mutating func next(_ bytes: inout ArraySlice<UInt8>) throws(RPCError) -> [UInt8]? {
        guard case .readingMessages = self.state else {
            bytes = []
            return nil
        }
        return try self.deframer.next(&bytes)
    }

    /// Handles the end of the stream, which is an error without a status.
    mutating func closed(code: UInt32) -> Action {
        if case .ended = self.state { return .none }
        if code != HTTP2ErrorCode.noError.rawValue {
            return self.end(.failure(HTTP2ErrorCode.rpcError(reset: code)))
        }
        return self.end(
            .failure(RPCError(.internalError, "the server closed the stream without a status"))
        )
    }

    private mutating func end(_ result: Result<Metadata, RPCError>) -> Action {
        self.state = .ended
        return .end(result)
    }

    private func outcome(_ block: ResponseBlock, httpStatus: Int?) -> Result<Metadata, RPCError> {
        guard block.metadata.size <= self.metadataBytesMax else {
            return .failure(.headersTooLarge)
        }
        guard let status = block.status else { return .failure(block.withoutStatus(httpStatus)) }
        guard status == 0 else {
            let code = StatusCode(rawValue: status) ?? .unknown
            return .failure(RPCError(code, block.message, trailers: block.metadata))
        }
        return self.deframer.isInsideMessage
            ? .failure(.truncatedMessage) : .success(block.metadata)
    }
}

/// The fields of a response's header block.
private struct ResponseBlock {
    var httpStatus: Int?
    var status: Int?
    var message = ""
    var metadata: Metadata = [:]

    var encoding = MessageEncoding.identity
    var acceptsGzip: Bool?

    /// The reason why no messages can follow this block.
    var refusal: String?

    private var isGRPC = false

    var isAnswer: Bool {
        self.httpStatus == 200 && self.isGRPC && self.status != StatusCode.unavailable.rawValue
    }

    static func parse(_ fields: FieldBytes) -> ResponseBlock {
        var block = ResponseBlock()
        for span in fields.spans { block.take(fields.name(span), fields.value(span)) }
        if let httpStatus = block.httpStatus, httpStatus >= 200 {
            block.refusal = block.refusal(httpStatus)
        }
        return block
    }

    private func refusal(_ httpStatus: Int) -> String? {
        if httpStatus != 200 { return "the server answered with HTTP status \(httpStatus)" }
        return self.isGRPC ? nil : "the server answered without a gRPC content type"
    }

    private mutating func take(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        if name.equals(":status") {
            self.httpStatus = Int(String(decoding: value.prefix(3), as: UTF8.self))
        } else if name.equals("grpc-status") {
            self.status = value.statusNumber
        } else if name.equals("grpc-message") {
            self.message = PercentEncoding.decode(value)
        } else if name.equals("grpc-encoding") {
            // A message in any other encoding is refused when it has the compressed flag.
            self.encoding = MessageEncoding(value) ?? .identity
        } else if name.equals("grpc-accept-encoding") {
            self.acceptsGzip = self.acceptsGzip == true || value.acceptsGzip
        } else if name.equals("content-type") {
            self.isGRPC = value.isGRPCContentType
        } else if !name.starts(with: "grpc-") || name.equals("grpc-status-details-bin")
            || name.equals("grpc-retry-pushback-ms")
        {
            // An invalid binary value must not lose the response.
            _ = self.metadata.append(wireName: String(decoding: name, as: UTF8.self), value)
        }
    }

    /// The error for a block without the required status.
    func withoutStatus(_ httpStatus: Int?) -> RPCError {
        if let httpStatus, httpStatus != 200 {
            return RPCError(
                HTTPStatus.statusCode(httpStatus),
                self.refusal ?? "HTTP status \(httpStatus)"
            )
        }
        return RPCError(.unknown, self.refusal ?? "the server ended the call without a status")
    }
}

extension ArraySlice<UInt8> {
    /// The number of a `grpc-status`; that of UNKNOWN when it is invalid.
    fileprivate var statusNumber: Int {
        let unknown = StatusCode.unknown.rawValue
        guard (1...3).contains(self.count) else { return unknown }
        var number = 0
        for digit in self {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return unknown }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
