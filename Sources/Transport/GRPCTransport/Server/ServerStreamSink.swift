import NIOCore
import TransportCore

/// Takes a handler's responses to the event loop of its connection.
struct ServerStreamSink: ResponseSink {
    let connection: ServerConnection
    let stream: Int32

    func send(headers: Metadata) async throws(RPCError) {
        let taken = await self.onLoop { $0.write(headers: headers, to: self.stream) }
        if !taken { throw .callerGone }
    }

    func send(message: [UInt8]) async throws(RPCError) {
        guard !Task.isCancelled else { throw .callerGone }
        let hasRoom = await self.onLoop { $0.write(message, to: self.stream) }
        guard let hasRoom else { throw .callerGone }
        if !hasRoom { await self.waitForRoom() }
    }

    private func onLoop<Value: Sendable>(
        _ body: @escaping @Sendable (ServerConnection) -> Value
    ) async -> Value {
        if self.connection.loop.inEventLoop { return body(self.connection) }
        return await withCheckedContinuation { continuation in
            self.connection.loop.execute { continuation.resume(returning: body(self.connection)) }
        }
    }

    /// Ends also when the call does: the connection releases whoever waits.
    private func waitForRoom() async {
        await withCheckedContinuation { writer in
            self.connection.onLoop { $0.waitForRoom(self.stream, writer) }
        }
    }
}
