import TransportCore

/// The header blocks of a channel's requests ("gRPC over HTTP/2", "Requests").
struct RequestHeaders {
    private let authority: String
    private let scheme: String

    init(_ endpoint: Endpoint, isSecure: Bool) {
        self.authority = endpoint.description
        self.scheme = isSecure ? "https" : "http"
    }

    func list(
        _ call: OutgoingCall,
        timeout: Duration?,
        acceptsGzip: Bool,
        _ encoding: MessageEncoding
    ) -> HeaderList {
        var list: HeaderList = [
            ":method": "POST", ":scheme": self.scheme, ":path": "/" + call.method,
            ":authority": self.authority,
            "te": "trailers", "content-type": "application/grpc", "user-agent": "florin",
        ]
        if acceptsGzip { list.add("grpc-accept-encoding", MessageEncoding.accepted) }
        if encoding == .gzip { list.add("grpc-encoding", "gzip") }
        if let timeout { list.add("grpc-timeout", GRPCTimeout.encode(timeout)) }
        list.add(call.metadata)
        return list
    }
}
