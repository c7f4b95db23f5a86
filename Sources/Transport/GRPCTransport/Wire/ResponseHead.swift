import TransportCore

/// The header blocks that answer a request ("gRPC over HTTP/2", "Responses").
enum ResponseHead {
    /// The header block before the messages.
    ///
    /// `compression` is the messages' encoding, or nil for a caller that does not accept gzip.
    static func headers(_ metadata: Metadata, _ compression: MessageEncoding? = nil) -> HeaderList {
        var list =
            switch compression {
            case nil: Self.plainHeaders
            case .identity: Self.headersBeforePlain
            case .gzip: Self.headersBeforeGzip
            }
        if !metadata.isEmpty { list.add(metadata) }
        return list
    }

    /// The header block after the last message of an OK.
    static func trailers(_ metadata: Metadata) -> HeaderList {
        if metadata.isEmpty { return Self.plainTrailers }
        var list = Self.plainTrailers
        list.add(metadata)
        return list
    }

    /// The header block that ends a call with `error`, after headers were sent.
    static func trailers(_ error: RPCError) -> HeaderList {
        var list = HeaderList()
        list.addStatus(error)
        return list
    }

    /// The only header block of a call that fails before any other was sent.
    static func trailersOnly(_ error: RPCError) -> HeaderList {
        var list = Self.plainHeaders
        if error.code == .unimplemented {
            list.add("grpc-accept-encoding", MessageEncoding.accepted)
        }
        list.addStatus(error)
        return list
    }

    /// The response to a peer that does not speak gRPC.
    static func http(status: Int, allow: String?) -> HeaderList {
        var list: HeaderList = [":status": "\(status)"]
        if let allow { list.add("allow", allow) }
        list.add("grpc-status", "\(StatusCode.internalError.rawValue)")
        list.add("grpc-message", "this port speaks gRPC: POST with content-type application/grpc")
        return list
    }

    private static let plainHeaders: HeaderList = [
        ":status": "200", "content-type": "application/grpc",
    ]
    private static let headersBeforePlain: HeaderList = [
        ":status": "200", "content-type": "application/grpc",
        "grpc-accept-encoding": MessageEncoding.accepted,
    ]
    private static let headersBeforeGzip: HeaderList = [
        ":status": "200", "content-type": "application/grpc",
        "grpc-accept-encoding": MessageEncoding.accepted, "grpc-encoding": "gzip",
    ]
    private static let plainTrailers: HeaderList = ["grpc-status": "0"]
}

extension HeaderList: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        for (name, value) in elements { self.add(name, value) }
    }

    fileprivate mutating func addStatus(_ error: RPCError) {
        self.add("grpc-status", "\(error.code.rawValue)")
        if !error.message.isEmpty {
            self.add("grpc-message", ascii: PercentEncoding.encode(error.message))
        }
        self.add(error.trailers)
    }
}
