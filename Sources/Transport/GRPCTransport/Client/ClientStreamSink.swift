import NIOCore
import TransportCore

/// Passes a caller's requests to the event loop of its event-loop channel.
struct ClientStreamSink: RequestSink {
    let handle: CallHandle
    let loopChannel: EventLoopChannel

    func send(message: [UInt8]) async throws(RPCError) {
        if Task.isCancelled { self.cancel() }
        let written = await self.onLoop { () -> Result<Bool, RPCError> in
            guard let call = self.handle.call else { return .failure(.clientCancelled) }
            return call.write(message).map { .success($0) } ?? .failure(call.writerError)
        }
        if try !written.get() { await self.waitForRoom() }
    }

    func finishSending() {
        self.loopChannel.onLoop { _ in self.handle.call?.finishSending() }
    }

    func cancel() {
        self.loopChannel.onLoop { _ in self.handle.cancel() }
    }

    private func onLoop<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        if self.loopChannel.loop.inEventLoop { return body() }
        return await withCheckedContinuation { continuation in
            self.loopChannel.loop.execute { continuation.resume(returning: body()) }
        }
    }

    private func waitForRoom() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { writer in
                self.loopChannel.onLoop { _ in
                    if let call = self.handle.call {
                        call.waitForRoom(writer)
                    } else {
                        writer.resume()
                    }
                }
            }
        } onCancel: {
            self.cancel()
        }
    }
}
