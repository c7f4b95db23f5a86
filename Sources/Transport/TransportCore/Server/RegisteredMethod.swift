/// A method with the code that answers it.
///
/// Handlers take and give serialised messages; the makers below wrap typed ones.
public struct RegisteredMethod: Sendable {
    /// `package.Service/Method`.
    public let name: String

    /// How many messages go each way.
    public let kind: CallKind

    /// What answers.
    public let handler: Handler

    /// The code behind a method.
    public enum Handler: Sendable {
        /// One message in, one out: no stream is made for it.
        case unary(@Sendable (IncomingCall, [UInt8]) async throws -> UnaryReply)

        /// Messages in, messages out; returns the trailing metadata.
        case streaming(
            @Sendable (IncomingCall, RequestMessages, ResponseWriter) async throws -> Metadata
        )
    }

    /// A method on serialised messages, for callers that bring their own encoding.
    public init(name: String, kind: CallKind, handler: Handler) {
        self.name = name
        self.kind = kind
        self.handler = handler
    }
}

/// One answer with the metadata around it.
public struct UnaryReply: Hashable, Sendable {
    /// Sent before the message.
    public var headers: Metadata
    /// The serialised answer.
    public var message: [UInt8]
    /// Sent after the message, with the status.
    public var trailers: Metadata

    /// An answer.
    public init(_ message: [UInt8], headers: Metadata = [:], trailers: Metadata = [:]) {
        self.headers = headers
        self.message = message
        self.trailers = trailers
    }
}

extension RegisteredMethod {
    /// Answers one request with one response.
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

    /// Answers one request with many responses.
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

    /// Answers many requests with one response.
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

    /// Answers many requests with many responses, in whatever order the handler likes.
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
