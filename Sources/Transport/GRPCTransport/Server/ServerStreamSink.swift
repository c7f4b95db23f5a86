import NIOCore
import TransportCore

/// Passes a handler's responses to the event loop of its connection.
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

    /// Waits for room, the end of the call, or cancellation.
    private func waitForRoom() async {
        let wait = Wait()
        await withTaskCancellationHandler {
            await withCheckedContinuation { writer in
                self.connection.onLoop { connection in
                    if wait.isCancelled { return writer.resume() }
                    connection.waitForRoom(self.stream, writer)
                }
            }
        } onCancel: {
            self.connection.onLoop { connection in
                wait.isCancelled = true
                connection.bodyHasRoom(self.stream)
            }
        }
    }

    /// Records that a wait was cancelled, even before it began.
    private final class Wait: @unchecked Sendable {  // touched on the connection's event loop only
        var isCancelled = false
    }
}
