import TransportCore

/// The header blocks of a channel's requests ("gRPC over HTTP/2", "Requests").
struct RequestHeaders {
    private let authority: String

    init(_ endpoint: Endpoint) { self.authority = endpoint.description }

    func list(_ call: OutgoingCall, timeout: Duration?) -> HeaderList {
        var list: HeaderList = [
            ":method": "POST", ":scheme": "http", ":path": "/" + call.method,
            ":authority": self.authority,
            "te": "trailers", "content-type": "application/grpc", "user-agent": "florin",
        ]
        if let timeout { list.add("grpc-timeout", GRPCTimeout.encode(timeout)) }
        list.add(call.metadata)
        return list
    }
}
