import Checkers
import Composition
import Domain
import InMemoryTransport
import Scenarios
import ServiceMessages
import Simulation
import SwiftProtobuf
import TransportCore

/// Looks after everything was healed: whether all serve, what became of what nobody knew, and
/// whether what clients were told is still so.
package struct FinalCheck {
    /// Its process, which may read everybody's payments.
    package static let name = "auditor-1"

    private static let interval = Duration.milliseconds(500)

    /// The interval at which everybody is asked while the clients are at work.
    private static let watchInterval = Duration.seconds(1)

    private let context: RunContext
    private let system: System
    private let client: WorkloadClient
    private let transport: any Transport

    init(_ context: RunContext, _ system: System, _ book: OperationBook) {
        var plan = ClientPlan(name: "auditor")
        plan.scopes = Scope.ofUsers + [Scope.paymentAdmin]
        plan.retry.max = 8
        self.context = context
        self.system = system
        self.client = WorkloadClient(plan, number: 1, count: 0, context, book)
        let clock = ProcessClock(context.simulation.clock)
        self.transport = context.hosts.make("probe-1", clock)
    }

    /// Asks every node for its health again and again, until the task is cancelled.
    func watch() async {
        let clock = self.context.simulation.clock
        while !Task.isCancelled {
            try? await clock.sleep(until: clock.now.advanced(by: Self.watchInterval))
            for node in self.system.nodes where !Task.isCancelled && node.isUp {
                let reading = await self.probe(node)
                if !Task.isCancelled { self.context.recorder.note(.probed(reading)) }
            }
        }
    }

    /// Asks every node for its health, and lets a canary call prove it, until all are well.
    ///
    /// - Returns: false when they were not within `limit`.
    func awaitHealth(within limit: Duration) async -> Bool {
        let clock = self.context.simulation.clock
        let end = clock.now.advanced(by: limit)
        while !Task.isCancelled {
            let readings = await self.readings()
            let isWell = readings.allSatisfy { $0.isServing && $0.canarySucceeded != false }
            let isLast = isWell || clock.now >= end
            for reading in readings {
                self.context.recorder.note(.probed(isLast ? reading : reading.withoutCanary))
            }
            if isLast { return isWell }
            try? await clock.sleep(until: clock.now.advanced(by: Self.interval))
        }
        return false
    }

    private func readings() async -> [HealthReading] {
        var readings: [HealthReading] = []
        for node in self.system.nodes { readings.append(await self.probe(node)) }
        return readings
    }

    /// Reads every payment that a client was told of.
    func readBack(_ paymentIDs: [String]) async {
        for id in paymentIDs {
            await self.client.perform(.read(paymentID: id), key: nil)
        }
    }

    private func probe(_ node: SimulatedNode) async -> HealthReading {
        let name = node.identity.process
        guard node.service != .gateway else { return self.gatewayReading(node) }
        let endpoint = Endpoint(host: name, port: node.service.standardPort)
        let channel = self.transport.channel(to: endpoint)
        var isServing = await self.isServing(channel)
        var canary = isServing ? await Canary(node.service, self.context).sings(on: channel) : nil
        if canary == .refusedByGate {
            isServing = await self.isServing(channel)
            canary = isServing ? .failed : nil
        }
        // A ledger whose disk fails learns of it by failing.
        let isSound = !self.context.injector.hasOnDisk
        return HealthReading(
            process: name,
            service: node.service.rawValue,
            isServing: isServing,
            canarySucceeded: isSound ? canary?.hasSucceeded : nil
        )
    }

    private func isServing(_ channel: any Channel) async -> Bool {
        do throws(RPCError) {
            return try await HealthClient(channel).check(timeout: .seconds(1)) == .serving
        } catch {
            if error.code == .resourceExhausted {
                self.context.recorder.note(.counted(metric: NeverCountedOracle.healthRefused))
            }
            return false
        }
    }

    /// A gateway is well when it runs and knows users: what it says of others is theirs.
    private func gatewayReading(_ node: SimulatedNode) -> HealthReading {
        let name = node.identity.process
        return HealthReading(
            process: name,
            service: node.service.rawValue,
            isServing: node.isUp && self.context.users.provider?.isKnown(to: name) ?? true,
            canarySucceeded: nil
        )
    }
}

/// A call that changes nothing, to see whether a service that says SERVING does serve.
private struct Canary {
    private let service: ServiceName
    private let context: RunContext

    init(_ service: ServiceName, _ context: RunContext) {
        self.service = service
        self.context = context
    }

    enum Song {
        /// The service answered as only a working one can: there is no such payment.
        case sung
        case failed
        /// The gate in front of the service says NOT_SERVING.
        case refusedByGate
        /// No answer of its own came, or only that the probe's token is not good there now.
        case unheard

        var hasSucceeded: Bool? {
            switch self {
            case .sung: true
            case .failed: false
            case .refusedByGate, .unheard: nil
            }
        }
    }

    /// Makes the call.
    func sings(on channel: any Channel) async -> Song {
        guard let call = Inquiry(self.context).call(self.service, self.method),
            let message = self.message
        else { return .unheard }
        do throws(RPCError) {
            _ = try await channel.unary(call, message)
            return .failed
        } catch {
            return self.song(error)
        }
    }

    /// While faults are on, those that ask the ledger are as well as the way to it.
    private func song(_ error: RPCError) -> Song {
        let isAlone = self.service == .ledger || self.context.injector.isHealed
        switch error.code {
        case .notFound: return .sung
        case .deadlineExceeded: return self.context.injector.isHealed ? .failed : .unheard
        case .unauthenticated, .cancelled: return .unheard
        case .unavailable where error.reason == HealthGate.reason: return .refusedByGate
        case .unavailable where error.reason == nil: return .unheard
        default: return isAlone ? .failed : .unheard
        }
    }

    private var method: String {
        switch self.service {
        case .ledger: "\(LedgerBinding.service)/GetTransaction"
        case .refund: "\(RefundBinding.service)/CreateRefund"
        default: "\(PaymentBinding.service)/GetPayment"
        }
    }

    private var message: [UInt8]? {
        let nobody = "pay_canary"
        switch self.service {
        case .ledger:
            return try? Ledger_GetTransactionRequest.with { $0.paymentID = nobody }
                .serializedBytes()
        case .refund:
            return try? Refund_CreateRefundRequest.with {
                $0.paymentID = nobody
                $0.subject = "canary"
                $0.idempotencyKey = "canary"
            }.serializedBytes()
        default:
            return try? Payment_GetPaymentRequest.with { $0.paymentID = nobody }.serializedBytes()
        }
    }
}

extension HealthReading {
    /// The process's report of its own health alone.
    fileprivate var withoutCanary: HealthReading {
        HealthReading(
            process: self.process,
            service: self.service,
            isServing: self.isServing,
            canarySucceeded: nil
        )
    }
}
