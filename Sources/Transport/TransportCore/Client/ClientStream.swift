/// What a transport does with the requests of one call.
package protocol RequestSink: Sendable {
    /// Sends a message; waits while the peer's window is closed. Throws what ended the call.
    func send(message: [UInt8]) async throws(RPCError)

    /// Says that no further message comes.
    func finishSending()

    /// Ends the call with CANCELLED; nothing happens when it is over.
    func cancel()
}

/// Where the responses of one call come from.
package protocol ResponseSource: Sendable {
    /// The server's headers; throws the status when the call failed before it sent any.
    func headers() async throws(RPCError) -> Metadata

    /// The next message, nil at the end of a call that ended with OK; throws any other status.
    func next() async throws(RPCError) -> [UInt8]?

    /// The trailing metadata; empty before the call has ended.
    var trailers: Metadata { get }
}

/// One open call, seen by its client.
///
/// One task may send while another reads. After the last message ``trailers`` holds what came with the status.
public struct ClientStream: Sendable {
    private let responses: any ResponseSource
    private let requests: any RequestSink

    package init(responses: any ResponseSource, requests: any RequestSink) {
        self.responses = responses
        self.requests = requests
    }

    /// Sends a message; waits while the server does not read.
    ///
    /// - Throws: the status that ended the call.
    public func send(_ message: [UInt8]) async throws(RPCError) {
        try await self.requests.send(message: message)
    }

    /// Says that no further message comes (half-close).
    public func finishSending() { self.requests.finishSending() }

    /// The server's headers, as soon as they have come.
    ///
    /// - Throws: the status, when the call failed before it sent headers.
    public func headers() async throws(RPCError) -> Metadata { try await self.responses.headers() }

    /// The next message, or nil when the call has ended with OK.
    ///
    /// - Throws: the status that ended the call.
    public func next() async throws(RPCError) -> [UInt8]? { try await self.responses.next() }

    /// The trailing metadata; empty before the call has ended.
    public var trailers: Metadata { self.responses.trailers }

    /// Ends the call; the server sees it as CANCELLED.
    ///
    /// Nothing happens when it is over.
    public func cancel() { self.requests.cancel() }
}
