import NIOCore
import TransportCore

/// One call on a server's connection: what is known of it between its headers and its last frame.
///
/// Confined to its connection's event loop.
final class ServerStream {
    let id: Int32

    /// Nil for a stream that was refused on its headers.
    let call: AdmittedCall?
    let body = OutboundBody()
    var deframer: MessageDeframer

    /// Whether its caller reads messages that are compressed.
    var acceptsGzip = false

    /// The one request of a unary call, until the caller has finished sending.
    var message: [UInt8]?

    /// The requests of a streaming call.
    let requests: MessagePipe?

    var task: Task<Void, Never>?
    var deadlineTimer: Scheduled<Void>?
    var hasSentHeaders = false
    var hasRemoteEnded = false

    /// Whether the status was decided: nothing the handler says matters any more.
    var isOver = false

    /// Who waits for room in ``body``.
    var writers: [CheckedContinuation<Void, Never>] = []

    private(set) var credit = ReceiveCredit()

    init(id: Int32, call: AdmittedCall?, deframer: MessageDeframer, requests: MessagePipe?) {
        self.id = id
        self.call = call
        self.deframer = deframer
        self.requests = requests
    }

    /// Bytes came, and with them messages of weight `queued`; returns the credit to give back now.
    func received(_ count: Int, queued: Int) -> Int {
        self.credit.received(count, queued: queued)
    }

    /// The handler read a message of `count` bytes; returns the credit to give back now.
    func taken(_ count: Int) -> Int { self.isOver ? 0 : self.credit.taken(count) }

    /// The status was decided: whoever waits for this call goes on, and frames alone are left.
    func settle(_ error: RPCError) {
        self.isOver = true
        self.credit.readerLeft()
        self.task?.cancel()
        self.requests?.abandon(error)
        self.releaseWriters()
    }

    /// The stream is gone.
    func release(_ error: RPCError) {
        self.deadlineTimer?.cancel()
        if !self.isOver { self.settle(error) }
    }

    func releaseWriters() {
        self.body.hasWaitingWriter = false
        for writer in self.writers { writer.resume() }
        self.writers.removeAll()
    }
}
