import Checkers
import Composition
import DrillEngine
import Identity
import Scenarios
import TransportCore

/// The credential that a process presents to the others: its own token, or a worse one while a
/// fault says so.
struct PresentingTransport: Transport {
    let base: any Transport
    let presenter: Presenter

    func serve(
        _ router: Router,
        at endpoint: Endpoint
    ) async throws(ConfigurationError) -> any RunningServer {
        try await self.base.serve(router, at: endpoint)
    }

    func channel(to endpoint: Endpoint, _ config: ServiceConfig) -> any Channel {
        PresentingChannel(
            base: self.base.channel(to: endpoint, config),
            presenter: self.presenter,
            audience: endpoint.host
        )
    }
}

/// The process whose credentials are struck, and the secrets that they are made of.
struct Presenter: Sendable {
    let node: Node
    let service: ServiceName
    let forger: Forger
    let clock: ProcessClock
    let injector: FaultInjector
    let recorder: HistoryRecorder

    /// The bad token that a call to `audience` carries now, if it must carry one.
    func badToken(for audience: String) -> String? {
        let struck = self.injector.struck { $0.place == .tokens && $0.isAimed(at: self.node) }
        guard let struck else { return nil }
        let scopes = ServiceName(rawValue: audience).flatMap { self.service.scopes[$0] } ?? ""
        return self.forger.token(
            for: struck.plan.kind,
            self.service.rawValue,
            audience: audience,
            scopes: scopes,
            at: self.clock.unixTime,
            as: .service
        )
    }
}

private struct PresentingChannel: Channel, RecoveryReporting {
    let base: any Channel
    let presenter: Presenter
    let audience: String

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        guard call.metadata.text("authorization") != nil,
            let bad = self.presenter.badToken(for: self.audience)
        else { return try await self.presentGood(call, message) }
        var call = call
        call.metadata.remove("authorization")
        call.metadata.add("authorization", "Bearer \(bad)")
        do throws(RPCError) {
            let reply = try await self.base.unary(call, message)
            self.note(wasAccepted: true, call)
            return reply
        } catch {
            // A call that reached no judge says nothing of the token.
            if error.code == .unauthenticated || error.code == .permissionDenied {
                self.note(wasAccepted: false, call)
            } else if error.reason != nil, error.code != .unavailable {
                self.note(wasAccepted: true, call)
            }
            throw error
        }
    }

    private func presentGood(
        _ call: OutgoingCall,
        _ message: [UInt8]
    ) async throws(RPCError) -> UnaryReply {
        do throws(RPCError) {
            return try await self.base.unary(call, message)
        } catch {
            if error.code == .unauthenticated {
                let requestID = call.metadata.text("x-request-id") ?? ""
                self.presenter.recorder.note(
                    .judged(.goodRefused(requestID, by: self.audience))
                )
            }
            throw error
        }
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        try await self.base.open(call)
    }

    func onRecovered(_ told: @escaping @Sendable () -> Void) {
        (self.base as? any RecoveryReporting)?.onRecovered(told)
    }

    private func note(wasAccepted: Bool, _ call: OutgoingCall) {
        self.presenter.recorder.note(
            .judged(
                TokenJudgement(
                    requestID: call.metadata.text("x-request-id") ?? "",
                    judge: self.audience,
                    isBad: true,
                    wasAccepted: wasAccepted
                )
            )
        )
    }
}
