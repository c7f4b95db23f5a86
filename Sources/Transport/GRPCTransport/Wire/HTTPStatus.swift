import TransportCore

/// The status of a response without `grpc-status` ("HTTP to gRPC Status Code Mapping").
enum HTTPStatus {
    static func statusCode(_ httpStatus: Int) -> StatusCode {
        switch httpStatus {
        case 400: .internalError
        case 401: .unauthenticated
        case 403: .permissionDenied
        case 404: .unimplemented
        case 429, 502, 503, 504: .unavailable
        default: .unknown
        }
    }
}

extension HTTP2ErrorCode {
    /// The error of a stream reset with `code` ("HTTP2 Transport Mapping", "Errors").
    static func rpcError(reset code: UInt32) -> RPCError {
        switch HTTP2ErrorCode(rawValue: code) {
        case .refusedStream:
            RPCError(.unavailable, "the server refused the stream", wasNeverProcessed: true)
        case .cancel: RPCError(.cancelled, "the server cancelled the stream")
        case .enhanceYourCalm: RPCError(.resourceExhausted, "the server asked to calm down")
        case .inadequateSecurity: RPCError(.permissionDenied, "the server wants better security")
        default: RPCError(.internalError, "the stream was reset with HTTP/2 error \(code)")
        }
    }
}
