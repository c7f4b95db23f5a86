import Checkers
import Scenarios
import SimulatedDrills
import Simulation

/// A client of a live run: it does its operations one after another, and asks again as its plan
/// says.
final class LiveWorkloadClient: Sendable {
    let node: Node
    /// The subject of its token: clients that share orders are one user on several devices.
    private let subject: String
    private let plan: ClientPlan
    private let count: Int
    private let front: HTTPFront
    private let tokens: LiveTokenSource
    private let context: LiveRunContext

    /// The `number`th client of `plan`, which does `count` operations.
    init(_ plan: ClientPlan, number: Int, count: Int, _ context: LiveRunContext) {
        let node = Node("\(plan.name)-\(number)")
        self.node = node
        self.plan = plan
        self.count = count
        self.context = context
        self.subject = plan.sharesOrders ? plan.name : node.process
        self.tokens = LiveTokenSource(
            self.subject,
            node,
            plan,
            context.forger,
            context.injector,
            seed: context.seed
        )
        let gateway = context.fleet.gateway(of: node)
        self.front = HTTPFront(http: context.dependencies.http, endpoint: gateway)
    }

    /// Every client of `plans`; each plan's operations are shared out among its own.
    static func all(_ plans: [ClientPlan], _ context: LiveRunContext) -> [LiveWorkloadClient] {
        plans.flatMap { plan in
            (1...plan.count).map { number in
                let count = plan.total / plan.count + (number <= plan.total % plan.count ? 1 : 0)
                return LiveWorkloadClient(plan, number: number, count: count, context)
            }
        }
    }

    /// Does everything that it is to do, until the task is cancelled.
    func run() async {
        let client = self.node.process
        let stream = RandomStream(
            seed: self.context.seed,
            name: WorkloadGenerator.streamName(of: client)
        )
        let invalidRequests = InvalidRequests(
            self.plan,
            subject: self.subject,
            self.context.book,
            stream: RandomStream(
                seed: self.context.seed,
                name: InvalidRequests.streamName(of: client)
            )
        )
        var generator = WorkloadGenerator(
            self.plan,
            client: client,
            stream: stream,
            invalidRequests: invalidRequests
        )
        for number in 0..<self.count {
            let start = number == 0 ? self.plan.start : .zero
            guard await self.pause(start + generator.pause()) else { return }
            let (request, key) = generator.next()
            generator.learn(await self.perform(request, key: key))
        }
    }

    /// Does one operation, from its first try to the last.
    @discardableResult
    func perform(_ request: Operation.Request, key: String?) async -> Outcome {
        let bad = self.tokens.badToken()
        let operation = Operation(
            id: self.context.nextOperation(),
            client: self.node.process,
            subject: self.subject,
            request: request,
            key: key,
            hasGoodToken: bad == nil,
            hasScope: request.isCovered(by: self.plan.scopes)
        )
        self.context.recorder.note(.invoked(operation))
        let outcome = await self.outcome(of: operation, bad)
        self.context.recorder.note(.returned(operation: operation.id, outcome))
        self.context.book.ended(operation, outcome)
        return outcome
    }

    /// Asks again for what is not known; only a key, or an order, makes that safe.
    func settle(_ operation: Operation) async {
        guard operation.maySafelyBeRepeated else { return }
        await self.perform(operation.request, key: operation.key)
    }

    private func outcome(of operation: Operation, _ bad: String?) async -> Outcome {
        var tries = Tries(self.plan.retry)
        while true {
            let result = await self.attempt(operation, tries.number, bad)
            guard let wait = tries.next(after: result, of: operation), await self.pause(wait) else {
                return tries.outcome(result)
            }
            self.context.board.note("client.retried")
        }
    }

    private func attempt(
        _ operation: Operation,
        _ number: Int,
        _ bad: String?
    ) async -> Attempt {
        let requestID = "\(operation.client).\(operation.id).\(number)"
        self.context.recorder.note(
            .tried(operation: operation.id, attempt: number, requestID: requestID)
        )
        self.noteServices(of: operation.request, "received")
        let result = await self.front.attempt(
            operation.request,
            token: bad ?? self.tokens.goodToken(),
            key: operation.key,
            requestID: requestID,
            timeout: self.plan.deadline
        )
        if result.outcome.isDefinite { self.noteServices(of: operation.request, "replied") }
        if bad == nil {
            if result.isTokenRefused { self.tokens.drop() }
        } else if let judgement = result.judgementOfBadToken(requestID) {
            self.context.recorder.note(.judged(judgement))
        }
        return result
    }

    private func noteServices(of request: Operation.Request, _ what: String) {
        let service = if case .refund = request { "refund" } else { "payment" }
        for name in ["gateway", service, "ledger"] { self.context.board.note("\(name).\(what)") }
    }

    /// False when the run was over first.
    private func pause(_ time: Duration) async -> Bool {
        (try? await Task.sleep(for: time)) != nil
    }
}
