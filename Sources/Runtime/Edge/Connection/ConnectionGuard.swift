internal import Listening
internal import NIOCore
internal import NIOHTTP1

/// Enforces the exchange order and time limits of one connection.
///
/// Stands between the HTTP/1.1 decoder and Hummingbird. ``ConnectionState`` decides, this class
/// acts. It answers errors before a request, and raises errors within a body to the body's reader.
/// It holds whatever arrives behind an unanswered request and stops reading meanwhile, so a
/// pipelining peer occupies at most one read of memory.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Makes and logs the answer to bytes that are not a request.
    typealias Refusal = @Sendable (EdgeFailure) -> EdgeAnswer

    private enum Arrival {
        case part(HTTPServerRequestPart)
        case failure(EdgeFailure)
        case inputClosed
    }

    private let limits: EdgeLimits
    private let slot: ConnectionSlot
    private let refuse: Refusal
    private var state = ConnectionState()
    private var timer: ConnectionTimer?
    private var arrivals = CircularBuffer<Arrival>()
    private var isReadHeld = false

    init(_ limits: EdgeLimits, _ slot: ConnectionSlot, refuse: @escaping Refusal) {
        self.limits = limits
        self.slot = slot
        self.refuse = refuse
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.timer = ConnectionTimer(loop: context.eventLoop) { wait in
            self.perform(self.state.waitEnded(wait), context)
            self.rearm()
        }
        if context.channel.isActive { self.rearm() }
    }

    func channelActive(context: ChannelHandlerContext) {
        self.rearm()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.stop()
        self.perform(self.state.inputClosed(), context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.timer?.stop()
        self.timer = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.arrived(.part(Self.unwrapInboundIn(data)), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow:
            self.arrived(.failure(.headTooLarge(limit: self.limits.headBytesMax)), context)
        case is HTTPParserError:
            self.arrived(.failure(.malformed("The request is not HTTP/1.1.")), context)
        case is ByteToMessageDecoderError:
            break  // Further bytes after an error that was already reported.
        default:
            context.fireErrorCaught(error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ArrivalMarker.BytesArrived:
            self.state.bytesArrived()
            self.rearm()
        case let request as EvictionRequest:
            guard self.state.evicted() else { return request.declined() }
            context.close(promise: nil)
        case is ChannelShouldQuiesceEvent:
            if self.state.quiesced() { context.close(promise: nil) }
        case let event as ChannelEvent where event == .inputClosed:
            self.arrived(.inputClosed, context)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if self.state.isLingering { context.read() }
    }

    func read(context: ChannelHandlerContext) {
        if self.arrivals.isEmpty {
            context.read()
        } else {
            self.isReadHeld = true
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !self.state.isLingering else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch Self.unwrapOutboundIn(data) {
        case .head(var head):
            if self.state.answerStarted(closes: head.headers.announcesClose) {
                head.headers.replaceOrAdd(name: "Connection", value: "close")
            }
            self.rearm()
            context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            context.write(data, promise: promise)
            self.perform(self.state.answerEnded(), context)
        }
    }
}

extension ConnectionGuard {
    private func arrived(_ arrival: Arrival, _ context: ChannelHandlerContext) {
        self.arrivals.append(arrival)
        self.takeArrivals(context)
    }

    private func takeArrivals(_ context: ChannelHandlerContext) {
        while self.state.acceptsArrivals, let arrival = self.arrivals.popFirst() {
            switch arrival {
            case .part(let part): self.take(part, context)
            case .failure(let failure): self.perform(self.state.requestFailed(failure), context)
            case .inputClosed: self.perform(self.state.inputClosed(), context)
            }
        }
        self.rearm()
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        let delivery =
            switch part {
            case .head(let head): self.take(head, context)
            case .body: self.state.bodyReceived()
            case .end: self.state.endReceived()
            }
        if delivery == .deliver { context.fireChannelRead(Self.wrapInboundOut(part)) }
    }

    private func take(
        _ head: HTTPRequestHead,
        _ context: ChannelHandlerContext
    ) -> ConnectionState.Delivery {
        let framing = RequestFraming(head)
        if let fault = framing.fault {
            self.perform(self.state.requestFailed(.malformed(fault)), context)
            return .drop
        }
        let delivery = self.state.headReceived(isLast: framing.isLast)
        if delivery == .deliver, framing.awaitsContinue(bytesMax: self.limits.bodyBytesMax) {
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(Self.wrapOutboundOut(.head(head)), promise: nil)
        }
        return delivery
    }

    private func perform(
        _ action: ConnectionState.AnswerEndAction,
        _ context: ChannelHandlerContext
    ) {
        switch action {
        case .readOn: self.readOn(context)
        case .linger: self.linger(context)
        }
    }

    private func perform(
        _ action: ConnectionState.FailureAction,
        _ context: ChannelHandlerContext
    ) {
        switch action {
        case .none: break
        case .raise(let failure): context.fireErrorCaught(failure)
        case .close:
            context.flush()
            context.close(promise: nil)
        case .answer(let failure):
            for part in self.refuse(failure).parts {
                context.write(Self.wrapOutboundOut(part), promise: nil)
            }
            self.linger(context)
        }
    }

    /// Processes the arrivals held during the last exchange, and resumes reading.
    private func readOn(_ context: ChannelHandlerContext) {
        let hadArrivals = !self.arrivals.isEmpty
        self.takeArrivals(context)
        if hadArrivals { context.fireChannelReadComplete() }
        if self.isReadHeld, self.arrivals.isEmpty {
            self.isReadHeld = false
            context.read()
        }
    }

    private func linger(_ context: ChannelHandlerContext) {
        self.arrivals.removeAll()
        context.flush()
        context.close(mode: .output, promise: nil)
        self.rearm()
        context.read()
    }

    private func rearm() {
        self.slot.set(self.state.standing, at: .now())
        self.timer?.await(self.state.wait, limits: self.limits)
    }
}
