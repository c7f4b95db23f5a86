import Composition
import Domain
import Identity
import StrictJSON
import TransportCore

extension RunningSystem {
    /// A user's token.
    func token(for subject: String, _ scopes: Scopes = RunningSystem.userScopes) throws -> String {
        try self.configuration.credentials.userTokenIssuer().token(
            for: subject,
            scopes: scopes,
            at: self.world.now,
            lifetime: 3_600,
            randomBytes: self.world.randomBytes(16)
        )
    }

    /// The gateway's response to a form with these fields.
    func send(
        _ method: String,
        _ path: String,
        _ fields: KeyValuePairs<String, String> = [:],
        as subject: String = "alice",
        scopes: Scopes = RunningSystem.userScopes,
        key: String? = nil,
        requestID: String = "request-1",
        traceParent: String? = nil
    ) async throws -> GatewayResponse {
        let request = GatewayRequest(
            method: method,
            path: path,
            authorization: ["Bearer \(try self.token(for: subject, scopes))"],
            idempotencyKeys: key.map { [$0] } ?? [],
            fields: .read(fields.map { GatewayRequest.Field($0.key, .text($0.value)) }),
            requestID: requestID
        )
        return await GatewayParts.answer(request, traceParent: traceParent, by: self.gateway)
    }

    /// Pays `amount` for `order`.
    func pay(
        _ order: String,
        _ amount: Int64 = 100,
        as subject: String = "alice",
        key: String? = nil
    ) async throws -> GatewayResponse {
        let fields: KeyValuePairs = ["order_id": order, "amount": "\(amount)"]
        return try await self.send("POST", "/pay", fields, as: subject, key: key)
    }

    /// Refunds `amount` of `payment`, or all that remains.
    func refund(
        _ payment: String,
        _ amount: Int64? = nil,
        as subject: String = "alice",
        scopes: Scopes = RunningSystem.userScopes,
        key: String? = nil
    ) async throws -> GatewayResponse {
        if let amount {
            let fields: KeyValuePairs = ["payment_id": payment, "amount": "\(amount)"]
            return try await self.send(
                "POST",
                "/refund",
                fields,
                as: subject,
                scopes: scopes,
                key: key
            )
        }
        let fields: KeyValuePairs = ["payment_id": payment]
        return try await self.send("POST", "/refund", fields, as: subject, scopes: scopes, key: key)
    }
}

extension GatewayResponse {
    /// The text member `name` of the body, or "".
    func text(_ name: String) -> String {
        if case .string(let text) = self.body[name] { text } else { "" }
    }

    /// The integer member `name` of the body.
    func integer(_ name: String) -> Int64? {
        self.body[name]?.int64
    }

    /// The status and, for an error, the problem code, such as `409 order_conflict`.
    var outcome: String {
        self.status < 400 ? "\(self.status)" : "\(self.status) \(self.text("code"))"
    }

    var isRetryable: Bool { self.body["retryable"] == .bool(true) }

    var isReplay: Bool {
        self.headers.contains(GatewayResponse.Header("Idempotency-Replayed", "true"))
    }
}
