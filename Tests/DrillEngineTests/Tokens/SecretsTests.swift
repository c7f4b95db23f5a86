import Composition
import Identity
import Testing

@testable import DrillEngine

@Suite("The secrets of a run")
struct SecretsTests {
    private let secrets = Secrets()

    /// A user's token of a process that starts now.
    private func token() throws -> String {
        let issuer = try self.secrets.configuration(.gateway).credentials.userTokenIssuer()
        return try issuer.token(
            for: "ann",
            scopes: "payment:write",
            at: startOfTime,
            lifetime: 60,
            randomBytes: [UInt8](repeating: 7, count: 16)
        )
    }

    /// True when a process that starts now accepts the token.
    private func takes(_ token: String) throws -> Bool {
        let credentials = try self.secrets.configuration(.gateway).credentials
        let verifier = TokenVerifier(
            keys: credentials.serviceKeys,
            issuer: credentials.issuer,
            audience: credentials.audience,
            kind: .user
        )
        return (try? verifier.verify(token, at: startOfTime)) != nil
    }

    @Test("no token is lost in three steps: first the next is taken, then it signs, then alone")
    func rotates() throws {
        let former = try self.token()
        self.secrets.announce()
        #expect(try self.token() == former)
        #expect(try self.takes(former))
        self.secrets.swap()
        let next = try self.token()
        #expect(next != former)
        #expect(try self.takes(former))
        #expect(try self.takes(next))
        self.secrets.retire()
        #expect(try self.token() == next)
        #expect(try self.takes(next))
        #expect(try !self.takes(former))
    }

    @Test("what was announced is taken by those who start after it, before anybody signs with it")
    func announces() throws {
        self.secrets.announce()
        let early = try self.secrets.configuration(.gateway).credentials.serviceKeys
        self.secrets.swap()
        let credentials = try self.secrets.configuration(.gateway).credentials
        let verifier = TokenVerifier(
            keys: early,
            issuer: credentials.issuer,
            audience: credentials.audience,
            kind: .user
        )
        let token = try self.token()
        #expect(throws: Never.self) {
            try verifier.verify(token, at: startOfTime)
        }
    }

    @Test("a rotation begins only when the one before has ended (finding c8)")
    func queues() {
        #expect(self.secrets.begin())
        #expect(!self.secrets.begin())
        #expect(!self.secrets.begin())
        self.secrets.end()
        #expect(self.secrets.begin())
    }

    @Test("every rotation has a secret of its own")
    func differs() throws {
        var tokens = [try self.token()]
        for _ in 1...3 {
            self.secrets.announce()
            self.secrets.swap()
            self.secrets.retire()
            tokens.append(try self.token())
        }
        #expect(Set(tokens).count == 4)
    }
}
