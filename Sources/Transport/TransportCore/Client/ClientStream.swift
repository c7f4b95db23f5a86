/// The transport's end for the requests of one call.
package protocol RequestSink: Sendable {
    /// Sends a message, waiting while the peer's window is closed; throws the error that ended the
    /// call.
    func send(message: [UInt8]) async throws(RPCError)

    /// Ends the requests (half-close).
    func finishSending()

    /// Ends the call with CANCELLED; does nothing after its end.
    func cancel()
}

/// The transport's end for the responses of one call.
package protocol ResponseSource: Sendable {
    /// Returns the server's headers; throws the status when the call failed before them.
    func headers() async throws(RPCError) -> Metadata

    /// Returns the next message, or nil after an OK status; throws any other status.
    func next() async throws(RPCError) -> [UInt8]?

    /// The trailing metadata; empty before the call has ended.
    var trailers: Metadata { get }
}

/// An open call, seen by its client.
///
/// One task may send while another reads. After the last message, ``trailers`` holds the metadata
/// of the status.
public struct ClientStream: Sendable {
    private let responses: any ResponseSource
    private let requests: any RequestSink

    package init(responses: any ResponseSource, requests: any RequestSink) {
        self.responses = responses
        self.requests = requests
    }

    /// Sends a message, waiting while the server does not read.
    ///
    /// - Throws: the status that ended the call.
    public func send(_ message: [UInt8]) async throws(RPCError) {
        try await self.requests.send(message: message)
    }

    /// Ends the requests (half-close).
    public func finishSending() { self.requests.finishSending() }

    /// Waits for the server's headers.
    ///
    /// - Throws: the status, when the call failed before its headers.
    public func headers() async throws(RPCError) -> Metadata { try await self.responses.headers() }

    /// Waits for the next message; nil when the call has ended with OK.
    ///
    /// - Throws: the status that ended the call.
    public func next() async throws(RPCError) -> [UInt8]? { try await self.responses.next() }

    /// The trailing metadata; empty before the call has ended.
    public var trailers: Metadata { self.responses.trailers }

    /// Ends the call; the server sees CANCELLED.
    ///
    /// Does nothing after its end.
    public func cancel() { self.requests.cancel() }
}
