/// A method with its handler.
///
/// Handlers take and return serialised messages; the functions below wrap typed ones.
public struct RegisteredMethod: Sendable {
    /// The method: `package.Service/Method`.
    public let name: String

    /// The number of messages each way.
    public let kind: CallKind

    /// The code that runs the method.
    public let handler: Handler

    /// The code that runs a method.
    public enum Handler: Sendable {
        /// A single message in and out, without the cost of a stream.
        case unary(@Sendable (IncomingCall, [UInt8]) async throws -> UnaryReply)

        /// Messages in, messages out; returns the trailing metadata.
        case streaming(
            @Sendable (IncomingCall, RequestMessages, ResponseWriter) async throws -> Metadata
        )
    }

    /// Creates a method on serialised messages, for callers with their own encoding.
    public init(name: String, kind: CallKind, handler: Handler) {
        self.name = name
        self.kind = kind
        self.handler = handler
    }
}

/// A unary reply with its metadata.
public struct UnaryReply: Hashable, Sendable {
    /// Metadata sent before the message.
    public var headers: Metadata
    /// The serialised message.
    public var message: [UInt8]
    /// Metadata sent after the message, with the status.
    public var trailers: Metadata

    /// Creates a reply.
    public init(_ message: [UInt8], headers: Metadata = [:], trailers: Metadata = [:]) {
        self.headers = headers
        self.message = message
        self.trailers = trailers
    }
}

extension RegisteredMethod {
    /// Creates a method that answers one request with one response.
    public static func unary<Request, Response>(
        _ method: Method<Request, Response>,
        _ answer: @escaping @Sendable (Request, IncomingCall) async throws -> Response
    ) -> RegisteredMethod {
        RegisteredMethod(
            name: method.name,
            kind: .unary,
            handler: .unary { call, bytes in
                UnaryReply(try await answer(try Request(wire: bytes), call).wireBytes())
            }
        )
    }

    /// Creates a method that answers one request with many responses.
    public static func serverStreaming<Request, Response>(
        _ method: Method<Request, Response>,
        _ answer:
            @escaping @Sendable (Request, IncomingCall, TypedWriter<Response>) async throws -> Void
    ) -> RegisteredMethod {
        RegisteredMethod(
            name: method.name,
            kind: .serverStreaming,
            handler: .streaming { call, requests, writer in
                let request = try Request(wire: try await requests.only())
                try await answer(request, call, TypedWriter(writer))
                return [:]
            }
        )
    }

    /// Creates a method that answers many requests with one response.
    public static func clientStreaming<Request, Response>(
        _ method: Method<Request, Response>,
        _ answer:
            @escaping @Sendable (TypedMessages<Request>, IncomingCall) async throws -> Response
    ) -> RegisteredMethod {
        RegisteredMethod(
            name: method.name,
            kind: .clientStreaming,
            handler: .streaming { call, requests, writer in
                let response = try await answer(TypedMessages(requests), call)
                try await writer.send(try response.wireBytes())
                return [:]
            }
        )
    }

    /// Creates a method that answers many requests with many responses, in any order.
    public static func bidirectional<Request, Response>(
        _ method: Method<Request, Response>,
        _ answer:
            @escaping @Sendable (TypedMessages<Request>, IncomingCall, TypedWriter<Response>)
            async throws -> Void
    ) -> RegisteredMethod {
        RegisteredMethod(
            name: method.name,
            kind: .bidirectional,
            handler: .streaming { call, requests, writer in
                try await answer(TypedMessages(requests), call, TypedWriter(writer))
                return [:]
            }
        )
    }
}
