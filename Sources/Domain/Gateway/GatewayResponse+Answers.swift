extension GatewayResponse {
    /// What an action answered.
    init(answer: ActionAnswer) {
        let replayed = Header("Idempotency-Replayed", "true")
        self.init(status: 200, headers: answer.isReplay ? [replayed] : [], body: answer.body)
    }

    /// How the services are: 200 when all of them serve, 503 otherwise.
    package init(health services: [ServiceHealth]) {
        let isServing = services.allSatisfy(\.isServing)
        self.init(
            status: isServing ? 200 : 503,
            body: [
                "status": .string(isServing ? "SERVING" : "NOT_SERVING"),
                "services": .object(services.map { .init($0.name, .string($0.status)) }),
            ]
        )
    }
}
