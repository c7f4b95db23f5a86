import Testing
import TransportCore

/// The method name of most tests.
let rawName = "test.Raw/Call"

extension RegisteredMethod {
    /// A unary method on bytes, called ``rawName``.
    static func raw(
        _ answer: @escaping @Sendable (IncomingCall, [UInt8]) async throws -> UnaryReply
    ) -> RegisteredMethod {
        RegisteredMethod(name: rawName, kind: .unary, handler: .unary(answer))
    }

    /// A streaming method on bytes, called ``rawName``.
    static func raw(
        _ kind: CallKind,
        _ answer:
            @escaping @Sendable (IncomingCall, RequestMessages, ResponseWriter) async throws ->
            Metadata
    ) -> RegisteredMethod {
        RegisteredMethod(name: rawName, kind: kind, handler: .streaming(answer))
    }

    /// Returns the request.
    static let echo = RegisteredMethod.named("test.Echo/Unary", .unary) { _, message in
        UnaryReply(message)
    }

    /// Returns each request as it arrives.
    static let echoStream = RegisteredMethod(
        name: "test.Echo/Stream",
        kind: .bidirectional,
        handler: .streaming { _, requests, writer in
            for try await message in requests { try await writer.send(message) }
            return [:]
        }
    )

    static func named(
        _ name: String,
        _ kind: CallKind,
        _ answer: @escaping @Sendable (IncomingCall, [UInt8]) async throws -> UnaryReply
    ) -> RegisteredMethod {
        RegisteredMethod(name: name, kind: kind, handler: .unary(answer))
    }
}

extension OutgoingCall {
    /// A call of ``rawName``.
    static func raw(_ metadata: Metadata = [:], timeout: Duration? = nil) -> OutgoingCall {
        OutgoingCall(method: rawName, metadata: metadata, timeout: timeout)
    }

    static let echo = OutgoingCall(method: "test.Echo/Unary")
    static let echoStream = OutgoingCall(method: "test.Echo/Stream")
}

/// The headers, messages and trailers of a stream.
struct Exchange: Sendable {
    var headers: Metadata = [:]
    var messages: [[UInt8]] = []
    var trailers: Metadata = [:]
}

extension Channel {
    /// Sends `requests` and half-closes, while reading all responses.
    ///
    /// A server that ends the call with OK need not read all requests.
    func exchange(_ call: OutgoingCall, _ requests: [[UInt8]] = [[]]) async throws -> Exchange {
        try await self.withStream(call) { stream in
            async let sent: Void = stream.sendAll(requests)
            var exchange = Exchange()
            exchange.headers = try await stream.headers()
            exchange.messages = try await stream.rest()
            exchange.trailers = stream.trailers
            _ = try? await sent
            return exchange
        }
    }

    /// The status of an exchange that should fail.
    func failure(_ call: OutgoingCall, _ requests: [[UInt8]] = [[]]) async -> RPCError? {
        await status { _ = try await self.exchange(call, requests) }
    }

    /// The status of a unary call that should fail.
    func unaryFailure(_ call: OutgoingCall, _ message: [UInt8] = []) async -> RPCError? {
        await status { _ = try await self.unary(call, message) }
    }
}

extension ClientStream {
    /// Sends `messages`, then half-closes.
    func sendAll(_ messages: [[UInt8]]) async throws {
        for message in messages { try await self.send(message) }
        self.finishSending()
    }

    /// Reads all remaining messages.
    func rest() async throws -> [[UInt8]] {
        var messages: [[UInt8]] = []
        while let message = try await self.next() { messages.append(message) }
        return messages
    }
}

/// The status with which `body` failed, or nil.
func status(_ body: () async throws -> Void) async -> RPCError? {
    do {
        try await body()
        return nil
    } catch let error as RPCError {
        return error
    } catch {
        Issue.record("not a status: \(error)")
        return nil
    }
}

/// A pattern of `count` bytes in which shifts and truncations show.
func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
}

extension [UInt8] {
    /// The UTF-8 of `text`.
    init(_ text: String) { self = Array(text.utf8) }

    /// These bytes as UTF-8.
    var text: String { String(decoding: self, as: UTF8.self) }
}
