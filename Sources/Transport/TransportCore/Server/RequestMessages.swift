public import SwiftProtobuf

/// The requests of one call, in order.
///
/// Reading one lets the peer send another.
public struct RequestMessages: AsyncSequence, Sendable {
    private let pipe: MessagePipe

    package init(_ pipe: MessagePipe) { self.pipe = pipe }

    /// Waits for the next request; nil when the caller has finished sending.
    ///
    /// - Throws: CANCELLED when the caller has left or the task is cancelled, DEADLINE_EXCEEDED, or
    ///   the status of a malformed message.
    public func next() async throws(RPCError) -> [UInt8]? { try await self.pipe.next() }

    /// Returns the single request of a call.
    ///
    /// - Throws: UNIMPLEMENTED when there is none or a second; otherwise as ``next()``.
    package func only() async throws(RPCError) -> [UInt8] {
        guard let message = try await self.pipe.next() else { throw RPCError.noRequest }
        guard try await self.pipe.next() == nil else { throw RPCError.secondRequest }
        return message
    }

    /// Reads the requests; one task at a time.
    public func makeAsyncIterator() -> Iterator { Iterator(messages: self) }

    /// Reads requests one by one.
    public struct Iterator: AsyncIteratorProtocol {
        let messages: RequestMessages

        /// The next request, or nil when the caller has finished sending.
        public mutating func next() async throws(RPCError) -> [UInt8]? {
            try await self.messages.next()
        }

        /// The next request, or nil when the caller has finished sending.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RPCError) -> [UInt8]? { try await self.messages.next() }
    }
}

extension RPCError {
    package static let noRequest = RPCError(
        .unimplemented,
        "the call needs one request and got none"
    )
    package static let secondRequest = RPCError(
        .unimplemented,
        "the call takes one request and got a second"
    )
}

/// Messages of a call, parsed as they are read.
public struct TypedMessages<Element: Message & Sendable>: AsyncSequence, Sendable {
    private let read: @Sendable () async throws(RPCError) -> [UInt8]?

    init(_ messages: RequestMessages) {
        self.read = { () throws(RPCError) in try await messages.next() }
    }

    init(_ stream: ClientStream) { self.read = { () throws(RPCError) in try await stream.next() } }

    /// Waits for the next message; nil after the last.
    ///
    /// - Throws: the error that ended the call; INTERNAL for a message that cannot be parsed.
    public func next() async throws(RPCError) -> Element? {
        guard let bytes = try await self.read() else { return nil }
        return try Element(wire: bytes)
    }

    /// Reads the messages; one task at a time.
    public func makeAsyncIterator() -> Iterator { Iterator(messages: self) }

    /// Reads messages one by one.
    public struct Iterator: AsyncIteratorProtocol {
        let messages: TypedMessages

        /// The next message, or nil after the last.
        public mutating func next() async throws(RPCError) -> Element? {
            try await self.messages.next()
        }

        /// The next message, or nil after the last.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RPCError) -> Element? { try await self.messages.next() }
    }
}
