import NIOCore
import NIOPosix
import Synchronization
import TransportCore

/// A channel over HTTP/2, with a ``EventLoopChannel`` for each event loop.
final class GRPCChannel: TransportCore.Channel, EndpointReporting, RecoveryReporting {
    private let group: MultiThreadedEventLoopGroup
    private let loopChannels: [ObjectIdentifier: EventLoopChannel]
    private let limits: TransportLimits
    private let recoveryTold = Mutex<[@Sendable () -> Void]>([])

    init(
        group: MultiThreadedEventLoopGroup,
        resolver: any NameResolver,
        _ environment: Subchannel.Environment
    ) {
        self.group = group
        self.limits = environment.limits
        let loopChannels = group.makeIterator().map { loop in
            (ObjectIdentifier(loop), EventLoopChannel(loop: loop, resolver: resolver, environment))
        }
        self.loopChannels = Dictionary(uniqueKeysWithValues: loopChannels)
        for (_, loopChannel) in loopChannels {
            loopChannel.onReached = { [weak self, weak loopChannel] address in
                self?.tellLoopChannels(besides: loopChannel, of: address)
            }
            loopChannel.onServing = { [weak self] in self?.recovered() }
        }
    }

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        let loopChannel = try self.loopChannel(for: call)
        let handle = CallHandle()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                loopChannel.onLoop { loopChannel in
                    let started = ClientCall(call, .unary(request: message, caller), self.limits)
                    handle.start(started, on: loopChannel)
                }
            }
        } onCancel: {
            loopChannel.onLoop { _ in handle.cancel() }
        }
        return try result.get()
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        let loopChannel = try self.loopChannel(for: call)
        let handle = CallHandle()
        // The handle is weak because the call holds the stream, and the handle the call.
        let responses = ResponseStream { [weak handle] count in
            guard let handle else { return }
            loopChannel.onLoop { _ in handle.call?.taken(count) }
        }
        loopChannel.onLoop { loopChannel in
            handle.start(ClientCall(call, .stream(responses), self.limits), on: loopChannel)
        }
        return ClientStream(
            responses: responses,
            requests: ClientStreamSink(handle: handle, loopChannel: loopChannel)
        )
    }

    func endpoints() async -> [(address: String, state: EndpointState)] {
        var worst: [String: EndpointState] = [:]
        for loopChannel in self.loopChannels.values {
            for (address, state) in await Self.endpoints(of: loopChannel) {
                worst[address] =
                    worst[address].map { state.isWorse(than: $0) ? state : $0 } ?? state
            }
        }
        return worst.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func endpoints(
        of loopChannel: EventLoopChannel
    ) async -> [(address: String, state: EndpointState)] {
        await withCheckedContinuation { answer in
            loopChannel.onLoop { answer.resume(returning: $0.endpoints) }
        }
    }

    func onRecovered(_ told: @escaping @Sendable () -> Void) {
        self.recoveryTold.withLock { $0.append(told) }
    }

    private func recovered() { for told in self.recoveryTold.withLock({ $0 }) { told() } }

    /// Closes all connections, without waiting for the end.
    func stop() {
        for loopChannel in self.loopChannels.values.sorted(by: {
            ObjectIdentifier($0) < ObjectIdentifier($1)
        }) {
            loopChannel.onLoop { $0.stop() }
        }
    }

    /// Tells the other event-loop channels that a server is reachable, so that they do not wait out
    /// their backoff.
    private func tellLoopChannels(besides speaker: EventLoopChannel?, of address: SocketAddress) {
        for loopChannel in self.loopChannels.values where loopChannel !== speaker {
            loopChannel.onLoop { $0.wasReached(address) }
        }
    }

    private func loopChannel(on loop: any EventLoop) -> EventLoopChannel? {
        self.loopChannels[ObjectIdentifier(loop)]
    }

    /// Returns the event-loop channel of the current event loop, or any.
    ///
    /// - Throws: an error when the call may not be sent: bad metadata, no time left, or a cancelled
    ///   task.
    private func loopChannel(for call: OutgoingCall) throws(RPCError) -> EventLoopChannel {
        if let fault = call.metadata.firstFault() { throw fault }
        if let timeout = call.timeout, timeout <= .zero { throw .deadlineExceeded }
        if Task.isCancelled { throw .cancelledUnsent }
        guard let loopChannel = self.loopChannel(on: self.group.any()) else {
            throw RPCError(.internalError, "the channel has no part on this event loop")
        }
        return loopChannel
    }
}

extension EndpointState {
    /// Orders the states of an address seen by different event-loop channels.
    ///
    /// `away` counts least: an event-loop channel without calls has no connection.
    fileprivate func isWorse(than other: EndpointState) -> Bool {
        let order: [EndpointState] = [.away, .ready, .unhealthy, .ejected]
        return (order.firstIndex(of: self) ?? 0) > (order.firstIndex(of: other) ?? 0)
    }
}

/// A handle on a call for any thread; the call itself is used on its event loop only.
final class CallHandle: @unchecked Sendable {  // state is touched on one event loop only
    private(set) var call: ClientCall?
    private var isCancelled = false

    func start(_ call: ClientCall, on loopChannel: EventLoopChannel) {
        self.call = call
        if self.isCancelled { call.abort(.clientCancelled) } else { loopChannel.start(call) }
    }

    func cancel() {
        self.isCancelled = true
        self.call?.abort(.clientCancelled)
    }
}
