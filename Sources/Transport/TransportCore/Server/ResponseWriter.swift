public import SwiftProtobuf

/// The transport's end for the responses of one call.
package protocol ResponseSink: Sendable {
    /// Sends the headers; does nothing a second time.
    func send(headers: Metadata) async throws(RPCError)

    /// Sends a message, after empty headers when none were sent.
    ///
    /// Waits while the peer's flow-control window is closed. Throws CANCELLED once the call has
    /// ended.
    func send(message: [UInt8]) async throws(RPCError)
}

/// Writes the responses of one call.
public struct ResponseWriter: Sendable {
    private let sink: any ResponseSink

    package init(_ sink: any ResponseSink) { self.sink = sink }

    /// Sends headers before the first message.
    ///
    /// - Throws: INTERNAL or RESOURCE_EXHAUSTED for metadata that may not be sent; CANCELLED when
    ///   the caller has left.
    public func send(headers: Metadata) async throws(RPCError) {
        if let fault = headers.firstFault() { throw fault }
        try await self.sink.send(headers: headers)
    }

    /// Sends empty headers now, before a message that may take long.
    ///
    /// Without them a proxy may take the silence for a dead server. An error thrown before the
    /// headers is a status alone, which a caller may retry.
    ///
    /// - Throws: CANCELLED when the caller has left.
    public func begin() async throws(RPCError) { try await self.sink.send(headers: [:]) }

    /// Sends a message, waiting while the caller does not read.
    ///
    /// - Throws: CANCELLED when the caller has left.
    public func send(_ message: [UInt8]) async throws(RPCError) {
        try await self.sink.send(message: message)
    }
}

/// Writes typed messages of one call.
public struct TypedWriter<Response: Message & Sendable>: Sendable {
    private let writer: ResponseWriter

    init(_ writer: ResponseWriter) { self.writer = writer }

    /// Sends empty headers now, before a message that may take long.
    ///
    /// - Throws: CANCELLED when the caller has left.
    public func begin() async throws(RPCError) { try await self.writer.begin() }

    /// Sends a message, waiting while the caller does not read.
    ///
    /// - Throws: CANCELLED when the caller has left; INTERNAL when the message cannot be
    ///   serialised.
    public func send(_ message: Response) async throws(RPCError) {
        try await self.writer.send(try message.wireBytes())
    }
}
