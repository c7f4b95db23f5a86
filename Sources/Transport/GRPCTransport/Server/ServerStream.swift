import NIOCore
import TransportCore

/// The state of one call on a server's connection, from its headers to its last frame.
///
/// Confined to its connection's event loop.
final class ServerStream {
    let id: Int32

    /// The admitted call; nil for a stream that was refused.
    let call: AdmittedCall?
    let body = OutboundBody()
    var deframer: MessageDeframer

    /// True when the caller accepts gzip.
    var acceptsGzip = false

    /// The request of a unary call, until the caller has finished sending.
    var message: [UInt8]?

    /// The requests of a streaming call; nil for a unary one.
    let requests: MessagePipe?

    var task: Task<Void, Never>?
    var deadlineTimer: Scheduled<Void>?
    var hasSentHeaders = false
    var hasRemoteEnded = false

    /// True once the status is decided; the handler's further results are ignored.
    var isOver = false

    /// The writers that wait for room in ``body``.
    var writers: [CheckedContinuation<Void, Never>] = []

    private(set) var credit = ReceiveCredit()

    init(id: Int32, call: AdmittedCall?, deframer: MessageDeframer, requests: MessagePipe?) {
        self.id = id
        self.call = call
        self.deframer = deframer
        self.requests = requests
    }

    /// Records `count` received bytes with messages of weight `queued`; returns the credit to give
    /// now.
    func received(_ count: Int, queued: Int) -> Int {
        self.credit.received(count, queued: queued)
    }

    /// Records that the handler read a message of `count` bytes; returns the credit to give now.
    func taken(_ count: Int) -> Int { self.isOver ? 0 : self.credit.taken(count) }

    /// Ends the call for its handler and resumes its waiters; only frames remain to be sent.
    ///
    /// A call without a handler so far ends with `error` for the observer, too.
    func settle(_ error: RPCError) {
        self.isOver = true
        if self.task == nil { self.call?.failed(error) }
        self.credit.readerLeft()
        self.task?.cancel()
        self.requests?.abandon(error)
        self.releaseWriters()
    }

    /// Ends the stream.
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
