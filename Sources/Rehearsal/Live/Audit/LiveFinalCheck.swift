import Checkers
import Composition
import Domain
import Identity
import Scenarios
import ServiceMessages
import SimulatedDrills
import SwiftProtobuf
import TransportCore

/// Looks after everything was healed: whether all serve, what became of what nobody knew, and
/// whether what clients were told is still so.
struct LiveFinalCheck: Sendable {
    /// Its process, which may read everybody's payments.
    static let name = FinalCheck.name

    private static let interval = Duration.milliseconds(250)
    private static let watchInterval = Duration.seconds(1)
    private static let timeout = Duration.seconds(1)

    private let context: LiveRunContext
    private let client: LiveWorkloadClient
    /// By process.
    private let channels: [String: any Channel]

    /// A final check that asks every process past the proxies, over `transport`.
    init(_ context: LiveRunContext, _ transport: any Transport) {
        var plan = ClientPlan(name: "auditor")
        plan.scopes = Scope.ofUsers + [Scope.paymentAdmin]
        plan.retry.max = 8
        self.context = context
        self.client = LiveWorkloadClient(plan, number: 1, count: 0, context)
        let channels = context.fleet.processes.map { process in
            (process.identity.process, transport.channel(to: process.placement.endpoint))
        }
        self.channels = Dictionary(uniqueKeysWithValues: channels)
    }

    /// Asks every process for its health again and again, until the task is cancelled.
    func watch() async {
        while (try? await Task.sleep(for: Self.watchInterval)) != nil {
            for process in self.context.fleet.processes where await process.isUp {
                let reading = await self.probe(process)
                if !Task.isCancelled { self.context.recorder.note(.probed(reading)) }
            }
        }
    }

    /// Asks every process for its health, and lets a canary call prove it, until all are well.
    ///
    /// - Returns: false when they were not within `limit`.
    func awaitHealth(within limit: Duration) async -> Bool {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: limit)
        while !Task.isCancelled {
            var isWell = true
            for process in self.context.fleet.processes {
                let reading = await self.probe(process)
                self.context.recorder.note(.probed(reading))
                isWell = isWell && reading.isServing && reading.canarySucceeded != false
            }
            if isWell { return true }
            if clock.now >= end { return false }
            try? await Task.sleep(for: Self.interval)
        }
        return false
    }

    /// Reads every payment that a client was told of.
    func readBack(_ paymentIDs: [String]) async {
        for id in paymentIDs where !Task.isCancelled {
            await self.client.perform(.read(paymentID: id), key: nil)
        }
    }

    private func probe(_ process: LiveProcess) async -> HealthReading {
        let isServing: Bool
        var canary: Bool?
        if process.placement.service == .gateway {
            isServing = await self.context.dependencies.saysServing(at: process.placement.health)
        } else {
            let isWell = await self.context.dependencies.saysServing(at: process.placement.health)
            isServing = await self.saysServing(process) && isWell
            canary = isServing ? await self.canarySings(process) : nil
        }
        return HealthReading(
            process: process.identity.process,
            service: process.placement.service.rawValue,
            isServing: isServing,
            canarySucceeded: canary
        )
    }

    private func saysServing(_ process: LiveProcess) async -> Bool {
        guard let channel = self.channels[process.identity.process] else { return false }
        let status = try? await HealthClient(channel).check(timeout: Self.timeout)
        return status == .serving
    }

    /// True when a call that changes nothing was answered as only a working service can.
    ///
    /// The answer is that there is no such payment. Nil when none of its own came.
    private func canarySings(_ process: LiveProcess) async -> Bool? {
        guard let channel = self.channels[process.identity.process],
            let (call, message) = try? self.canary(process.placement.service)
        else { return nil }
        do throws(RPCError) {
            _ = try await channel.unary(call, message)
            return false
        } catch {
            switch error.code {
            case .notFound: return true
            case .unauthenticated, .deadlineExceeded, .cancelled: return nil
            case .unavailable:
                let isOwn = error.reason != nil && error.reason != HealthGate.reason
                return process.placement.service == .ledger && isOwn ? false : nil
            default: return false
            }
        }
    }

    private func canary(_ service: ServiceName) throws -> (OutgoingCall, [UInt8]) {
        let nobody = "pay_canary"
        let method: String
        let message: [UInt8]
        switch service {
        case .ledger:
            method = "\(LedgerBinding.service)/GetTransaction"
            message = try Ledger_GetTransactionRequest.with { $0.paymentID = nobody }.wireBytes()
        case .refund:
            method = "\(RefundBinding.service)/CreateRefund"
            message = try Refund_CreateRefundRequest.with {
                $0.paymentID = nobody
                $0.subject = "canary"
                $0.idempotencyKey = "canary"
            }.wireBytes()
        case .payment, .gateway:
            method = "\(PaymentBinding.service)/GetPayment"
            message = try Payment_GetPaymentRequest.with { $0.paymentID = nobody }.wireBytes()
        }
        let caller: ServiceName = service == .ledger ? .payment : .gateway
        let token = try self.context.forger.token(of: caller, for: service)
        var call = OutgoingCall(method: method, timeout: Self.timeout)
        call.metadata.add("authorization", "Bearer \(token)")
        return (call, message)
    }
}
