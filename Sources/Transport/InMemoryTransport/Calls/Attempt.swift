import TransportCore

/// The caller's end of one call to one host.
///
/// The server's ends (``Peers``) are independent: each side's actions reach the other only as a
/// message. A caller that gives up is done at once; its cancellation travels on.
protocol Attempt: AnyObject, Sendable {
    var route: Route { get }
    var peers: Peers { get }

    /// The ticket of this call in the caller's outgoing registry.
    var ticket: UInt64 { get }

    /// Creates the server's end of a copy that arrived at `server`; nil when its host has ended.
    ///
    /// - Throws: UNAVAILABLE when the host has too many calls in flight.
    func makeServed(
        on server: InMemoryServer,
        _ mangling: Verdict.Mangling?
    ) throws(RPCError) -> (any ServedCall)?

    /// A server has accepted a copy.
    func wasAccepted()

    /// Ends the call for the caller; false when it had already ended.
    @discardableResult
    func fail(_ failure: AttemptFailure) -> Bool
}

extension Attempt {
    /// Sends the request, as `verdict` says.
    func dispatch(_ verdict: Verdict, on linkMessage: LinkMessage) {
        self.peers.copiesSent(verdict.deliveries.count)
        self.route.fabric.deliver(verdict, on: linkMessage) { self.arrive($0) }
        self.follow(verdict.end, on: linkMessage)
    }

    /// Ends the call for the caller at once and sends the server a cancellation.
    func giveUp(_ reason: Interruption) {
        let failure = AttemptFailure(error: reason.error, isAbandoned: true)
        guard self.fail(failure) else { return }
        let linkMessage = self.route.outward(.cancellation)
        let verdict = self.route.fabric.verdict(on: linkMessage)
        self.route.fabric.deliver(verdict, on: linkMessage) { _ in
            self.peers.end(.callerCancelled) ? .cancelled : .late
        }
        self.follow(verdict.end, on: linkMessage)
    }

    /// Schedules the end of the call for both sides, if the verdict has one.
    func follow(_ end: Verdict.Break?, on linkMessage: LinkMessage) {
        guard let end else { return }
        let error = end.error ?? Interruption.connectionReset.error
        let isOff = self.route.fabric.scheduler.after(end.after) {
            self.breakOff(error, on: linkMessage)
        }
        if !isOff { self.route.fabric.happened(.lost, linkMessage) }
    }

    /// Ends the call on both sides now.
    func breakOff(_ error: RPCError, on linkMessage: LinkMessage) {
        self.route.fabric.happened(.reset, linkMessage)
        self.fail(AttemptFailure(error: error))
        _ = self.peers.end(.connectionReset)
    }

    private func arrive(_ mangling: Verdict.Mangling?) -> LinkMessageEvent.Kind {
        guard self.peers.copyArrived() else { return .late }
        do throws(RPCError) {
            if try self.isServed(mangling) {
                self.wasAccepted()
                return .delivered
            }
            let message = "no server at \(self.route.callee)"
            let nobody = RPCError(.unavailable, message, wasNeverProcessed: true)
            self.refuse(AttemptFailure(error: nobody, isRefusal: true))
        } catch {
            self.refuse(AttemptFailure(error: error))
        }
        return .refused
    }

    private func refuse(_ failure: AttemptFailure) {
        if self.peers.isRefusedForGood { self.fail(failure) }
    }

    private func isServed(_ mangling: Verdict.Mangling?) throws(RPCError) -> Bool {
        guard let server = self.route.fabric.registry.server(at: self.route.callee) else {
            return false
        }
        guard let served = try self.makeServed(on: server, mangling) else { return false }
        self.peers.add(served)
        do throws(RPCError) {
            if try server.accept(served) { return true }
            self.withdraw(served)
            return false
        } catch {
            self.withdraw(served)
            throw error
        }
    }

    private func withdraw(_ served: any ServedCall) {
        self.peers.refused(served)
        served.leave()
    }
}
