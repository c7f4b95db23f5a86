package import Checkers
package import Scenarios

/// A client: it does its operations one after another, and asks again as its plan says.
package final class WorkloadClient: Sendable {
    package let node: Node
    /// The subject of its token: clients that share orders are one user on several devices.
    private let subject: String
    private let plan: ClientPlan
    private let front: any Front
    private let tokens: TokenSource
    private let context: RunContext
    private let count: Int

    /// The `number`th client of `plan`, which does `count` operations in `world`.
    package init(
        _ plan: ClientPlan,
        number: Int,
        count: Int,
        _ context: RunContext,
        _ world: any World
    ) {
        let name = "\(plan.name)-\(number)"
        self.node = Node(name)
        self.plan = plan
        self.context = context
        self.count = count
        self.subject = plan.sharesOrders ? plan.name : name
        self.tokens = TokenSource(self.subject, self.node, plan, context)
        self.front = world.front(for: self.node)
    }

    /// Every client of `plans`; each plan's operations are shared out among its own.
    static func all(
        _ plans: [ClientPlan],
        _ context: RunContext,
        _ world: any World
    ) -> [WorkloadClient] {
        plans.flatMap { plan in
            (1...plan.count).map { number in
                let count = plan.total / plan.count + (number <= plan.total % plan.count ? 1 : 0)
                return WorkloadClient(plan, number: number, count: count, context, world)
            }
        }
    }

    /// Does everything that it is to do, until the task is cancelled.
    func run() async {
        let client = self.node.process
        var generator = WorkloadGenerator(
            self.plan,
            client: client,
            stream: self.context.stream(WorkloadGenerator.streamName(of: client)),
            invalidRequests: InvalidRequests(
                self.plan,
                subject: self.subject,
                self.context.operations,
                stream: self.context.stream(InvalidRequests.streamName(of: client))
            )
        )
        for number in 0..<self.count {
            let start = number == 0 ? self.plan.start : .zero
            guard await self.context.clock.pause(start + generator.pause()) else { return }
            let (request, key) = generator.next()
            let outcome = await self.perform(request, key: key)
            generator.learn(outcome)
        }
    }

    /// Does one operation, from its first try to the last.
    @discardableResult
    package func perform(_ request: Operation.Request, key: String?) async -> Outcome {
        await self.perform(request, key: key, self.tokens.credential())
    }

    /// Presents a token of the retired secret, if there is one: it must be refused.
    func presentRetiredToken() async {
        guard let token = self.tokens.retiredToken() else { return }
        await self.perform(.read(paymentID: Canary.paymentID), key: nil, .bad(token))
    }

    @discardableResult
    private func perform(
        _ request: Operation.Request,
        key: String?,
        _ credential: Credential
    ) async -> Outcome {
        let operation = Operation(
            id: self.context.operations.nextNumber(),
            client: self.node.process,
            subject: self.subject,
            request: request,
            key: key,
            hasGoodToken: credential.isGood,
            hasScope: request.isCovered(by: self.plan.scopes)
        )
        self.context.recorder.note(.invoked(operation))
        let outcome = await self.outcome(of: operation, credential)
        self.context.recorder.note(.returned(operation: operation.id, outcome))
        self.context.operations.ended(operation, outcome)
        return outcome
    }

    /// Asks again for what is not known; only a key, or an order, makes that safe.
    func settle(_ operation: Operation) async {
        guard operation.maySafelyBeRepeated else { return }
        await self.perform(operation.request, key: operation.key)
    }

    private func outcome(of operation: Operation, _ credential: Credential) async -> Outcome {
        var tries = Tries(self.plan.retry)
        while true {
            let result = await self.attempt(operation, tries.number, credential)
            guard let wait = tries.next(after: result, of: operation),
                await self.context.clock.pause(wait)
            else { return tries.outcome(result) }
            self.context.board.note("client.retried")
        }
    }

    private func attempt(
        _ operation: Operation,
        _ number: Int,
        _ credential: Credential
    ) async -> Attempt {
        let requestID = "\(operation.client).\(operation.id).\(number)"
        self.context.recorder.note(
            .tried(operation: operation.id, attempt: number, requestID: requestID)
        )
        let token = self.tokens.token(credential)
        let wasDue = self.tokens.isDue
        let result = await self.front.attempt(
            operation.request,
            token: token,
            key: operation.key,
            requestID: requestID,
            timeout: self.plan.deadline
        )
        if !credential.isGood {
            if let judgement = result.judgementOfBadToken(requestID) {
                self.context.recorder.note(.judged(judgement))
            }
        } else if result.isTokenRefused {
            self.tokenRefused(requestID, wasDue: wasDue)
        }
        return result
    }

    private func tokenRefused(_ requestID: String, wasDue: Bool) {
        switch self.tokens.refusal(wasDue: wasDue) {
        case .lapsed: break
        case .early: self.context.recorder.note(.judged(.badRefused(requestID, by: "gateway")))
        case .wrong: self.context.recorder.note(.judged(.goodRefused(requestID, by: "gateway")))
        }
        self.tokens.drop()
    }
}
