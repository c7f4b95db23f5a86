import Waiting

/// The responses of one call: a transport writes them, a ``ClientStream`` reads them.
package final class ResponseStream: ResponseSource {
    private let pipe: MessagePipe
    private let head = Awaited(Head())

    /// Creates a stream that reports to `onTaken` the size in bytes of each message read.
    package init(onTaken: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.pipe = MessagePipe(onTaken: onTaken)
    }

    // MARK: For the transport

    /// Receives the server's headers.
    package func receive(headers: Metadata) { self.settle(.success(headers)) }

    /// Receives a message; dropped after the end.
    package func receive(message: [UInt8]) { self.pipe.push(message) }

    /// Receives a message, waiting for room; false when the call has ended or the task is
    /// cancelled.
    package func receiveWhenRoom(message: [UInt8]) async -> Bool { await self.pipe.send(message) }

    /// Ends the call with OK.
    package func finish(trailers: Metadata) {
        self.head.withLock { $0.end(trailers) }
        self.settle(.success([:]))
        self.pipe.finish()
    }

    /// Ends the call with an error; earlier messages can still be read.
    package func fail(_ error: RPCError) {
        self.head.withLock { $0.end(error.trailers) }
        self.settle(.failure(error))
        self.pipe.finish(error)
    }

    /// Ends the call and discards unread messages.
    package func abandon(_ error: RPCError) {
        self.fail(error)
        self.pipe.abandon(error)
    }

    // MARK: For the caller

    package func headers() async throws(RPCError) -> Metadata {
        try await (self.head.first { $0.headers } ?? .failure(Head.cancelled)).get()
    }

    package func next() async throws(RPCError) -> [UInt8]? { try await self.pipe.next() }

    package var trailers: Metadata { self.head.withLock { $0.trailers } }

    private func settle(_ headers: Result<Metadata, RPCError>) {
        self.head.withLock { $0.headers = $0.headers ?? headers }
    }
}

/// Headers and trailers of a call.
private struct Head {
    static let cancelled = RPCError(.cancelled, "the call was cancelled")

    private(set) var trailers: Metadata = [:]
    var headers: Result<Metadata, RPCError>?
    private var ended = false

    mutating func end(_ trailers: Metadata) {
        guard !self.ended else { return }
        self.ended = true
        self.trailers = trailers
    }
}
