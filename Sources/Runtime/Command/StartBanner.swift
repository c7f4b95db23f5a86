import Composition
import Console
import Domain
import Identity

/// The text that `--dev` prints: a token, and commands to paste.
struct StartBanner {
    let credentials: Credentials
    let port: Int

    func print() throws {
        let token = try self.credentials.userTokenIssuer().token(
            for: "alice",
            scopes: Scopes(words: Scope.ofUsers),
            at: Environment.unixTime(),
            lifetime: 86_400,
            randomBytes: Environment.randomBytes(16)
        )
        let text = """

            Florin is serving on 127.0.0.1:\(self.port) (everything is forgotten when it ends). Paste into another shell:

            TOKEN=\(token)
            curl -s -H "Authorization: Bearer $TOKEN" -d "order_id=123&amount=100" http://127.0.0.1:\(self.port)/pay
            curl -s -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: refund-1" -d "payment_id=PASTE_IT_HERE&amount=40" http://127.0.0.1:\(self.port)/refund
            curl -s http://127.0.0.1:\(self.port)/health

            Ctrl-C ends it.
            """
        try StandardOutput.print(text)
    }
}
