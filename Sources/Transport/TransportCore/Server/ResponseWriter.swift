public import SwiftProtobuf

/// Where a transport takes the responses of one call.
package protocol ResponseSink: Sendable {
    /// Sends the headers; a second time does nothing.
    func send(headers: Metadata) async throws(RPCError)

    /// Sends a message, with empty headers before it when none were sent.
    ///
    /// Waits while the peer's flow-control window is closed. Throws CANCELLED once the call has ended.
    func send(message: [UInt8]) async throws(RPCError)
}

/// Writes the responses of one call.
public struct ResponseWriter: Sendable {
    private let sink: any ResponseSink

    package init(_ sink: any ResponseSink) { self.sink = sink }

    /// Sends headers before the first message.
    ///
    /// - Throws: INTERNAL for metadata that may not be sent, CANCELLED when the caller has gone.
    public func send(headers: Metadata) async throws(RPCError) {
        if let fault = headers.firstFault() { throw fault }
        try await self.sink.send(headers: headers)
    }

    /// Sends headers now: the call has begun, though it may have nothing to say for long.
    ///
    /// Without it they go with the first message, and a proxy between takes silence for a server
    /// that does not answer. An error thrown before it is a status alone, which a caller may retry.
    ///
    /// - Throws: CANCELLED when the caller has gone.
    public func begin() async throws(RPCError) { try await self.sink.send(headers: [:]) }

    /// Sends a message; waits while the caller does not read.
    ///
    /// - Throws: CANCELLED when the caller has gone.
    public func send(_ message: [UInt8]) async throws(RPCError) {
        try await self.sink.send(message: message)
    }
}

/// Writes typed messages of one call.
public struct TypedWriter<Response: Message & Sendable>: Sendable {
    private let writer: ResponseWriter

    init(_ writer: ResponseWriter) { self.writer = writer }

    /// Sends headers now: the call has begun, though it may have nothing to say for long.
    ///
    /// - Throws: CANCELLED when the caller has gone.
    public func begin() async throws(RPCError) { try await self.writer.begin() }

    /// Sends a message; waits while the caller does not read.
    ///
    /// - Throws: CANCELLED when the caller has gone.
    public func send(_ message: Response) async throws(RPCError) {
        try await self.writer.send(try message.wireBytes())
    }
}
