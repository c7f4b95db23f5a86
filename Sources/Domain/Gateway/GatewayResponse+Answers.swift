extension GatewayResponse {
    /// Status 200 with the result of an action.
    init(answer: ActionAnswer) {
        let replayed = Header("Idempotency-Replayed", "true")
        self.init(status: 200, headers: answer.isReplay ? [replayed] : [], body: answer.body)
    }

    /// The state of `services`: 503 if an essential one is not serving, 200 otherwise.
    package init(health services: [ServiceHealth]) {
        let isReady = services.allSatisfy { $0.isServing || !$0.isEssential }
        let isWhole = services.allSatisfy(\.isServing)
        self.init(
            status: isReady ? 200 : 503,
            body: [
                "status": .string(isWhole ? "SERVING" : isReady ? "DEGRADED" : "NOT_SERVING"),
                "services": .object(services.map { .init($0.name, .string($0.status)) }),
            ]
        )
    }
}
