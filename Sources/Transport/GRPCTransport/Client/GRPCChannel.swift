import NIOCore
import NIOPosix
import Synchronization
import TransportCore

/// A channel over HTTP/2, with a ``Lane`` for each event loop.
final class GRPCChannel: TransportCore.Channel, EndpointReporting, RecoveryReporting {
    private let group: MultiThreadedEventLoopGroup
    private let lanes: [ObjectIdentifier: Lane]
    private let limits: TransportLimits
    private let recoveryTold = Mutex<[@Sendable () -> Void]>([])

    init(
        group: MultiThreadedEventLoopGroup,
        resolver: any NameResolver,
        _ environment: Subchannel.Environment
    ) {
        self.group = group
        self.limits = environment.limits
        let lanes = group.makeIterator().map { loop in
            (ObjectIdentifier(loop), Lane(loop: loop, resolver: resolver, environment))
        }
        self.lanes = Dictionary(uniqueKeysWithValues: lanes)
        for (_, lane) in lanes {
            lane.onReached = { [weak self, weak lane] address in
                self?.tellLanes(besides: lane, of: address)
            }
            lane.onServing = { [weak self] in self?.recovered() }
        }
    }

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        let lane = try self.lane(for: call)
        let handle = CallHandle()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                lane.onLoop { lane in
                    let started = ClientCall(call, .unary(request: message, caller), self.limits)
                    handle.start(started, on: lane)
                }
            }
        } onCancel: {
            lane.onLoop { _ in handle.cancel() }
        }
        return try result.get()
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        let lane = try self.lane(for: call)
        let handle = CallHandle()
        // The handle is weak because the call holds the stream, and the handle the call.
        let responses = ResponseStream { [weak handle] count in
            guard let handle else { return }
            lane.onLoop { _ in handle.call?.taken(count) }
        }
        lane.onLoop { lane in
            handle.start(ClientCall(call, .stream(responses), self.limits), on: lane)
        }
        return ClientStream(
            responses: responses,
            requests: ClientStreamSink(handle: handle, lane: lane)
        )
    }

    func endpoints() async -> [(address: String, state: EndpointState)] {
        var worst: [String: EndpointState] = [:]
        for lane in self.lanes.values {
            for (address, state) in await Self.endpoints(of: lane) {
                worst[address] =
                    worst[address].map { state.isWorse(than: $0) ? state : $0 } ?? state
            }
        }
        return worst.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func endpoints(
        of lane: Lane
    ) async -> [(address: String, state: EndpointState)] {
        await withCheckedContinuation { answer in
            lane.onLoop { answer.resume(returning: $0.endpoints) }
        }
    }

    func onRecovered(_ told: @escaping @Sendable () -> Void) {
        self.recoveryTold.withLock { $0.append(told) }
    }

    private func recovered() { for told in self.recoveryTold.withLock({ $0 }) { told() } }

    /// Closes all connections, without waiting for the end.
    func stop() {
        for lane in self.lanes.values.sorted(by: { ObjectIdentifier($0) < ObjectIdentifier($1) }) {
            lane.onLoop { $0.stop() }
        }
    }

    /// Tells the other lanes that a server is reachable, so that they do not wait out their
    /// backoff.
    private func tellLanes(besides speaker: Lane?, of address: SocketAddress) {
        for lane in self.lanes.values where lane !== speaker {
            lane.onLoop { $0.wasReached(address) }
        }
    }

    private func lane(on loop: any EventLoop) -> Lane? { self.lanes[ObjectIdentifier(loop)] }

    /// Returns the lane of the current event loop, or any.
    ///
    /// - Throws: an error when the call may not be sent: bad metadata, no time left, or a cancelled
    ///   task.
    private func lane(for call: OutgoingCall) throws(RPCError) -> Lane {
        if let fault = call.metadata.firstFault() { throw fault }
        if let timeout = call.timeout, timeout <= .zero { throw .deadlineExceeded }
        if Task.isCancelled { throw .cancelledUnsent }
        guard let lane = self.lane(on: self.group.any()) else {
            throw RPCError(.internalError, "the channel has no lane for this event loop")
        }
        return lane
    }
}

extension EndpointState {
    /// Orders the states of an address seen by different lanes.
    ///
    /// `away` counts least: a lane without calls has no connection.
    fileprivate func isWorse(than other: EndpointState) -> Bool {
        let order: [EndpointState] = [.away, .ready, .unhealthy, .ejected]
        return (order.firstIndex(of: self) ?? 0) > (order.firstIndex(of: other) ?? 0)
    }
}

/// A handle on a call for any thread; the call itself is used on its lane's event loop only.
final class CallHandle: @unchecked Sendable {  // state is touched on one event loop only
    private(set) var call: ClientCall?
    private var isCancelled = false

    func start(_ call: ClientCall, on lane: Lane) {
        self.call = call
        if self.isCancelled { call.abort(.clientCancelled) } else { lane.start(call) }
    }

    func cancel() {
        self.isCancelled = true
        self.call?.abort(.clientCancelled)
    }
}
