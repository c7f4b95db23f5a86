import Composition
import Identity
import Synchronization
import Testing

@testable import DrillEngine
@testable import SimulatedDrills

@Suite("The identity provider of a run")
struct IdentityProviderTests {
    private let clock = Hand()
    private let provider: IdentityProvider

    /// A clock that is moved by hand.
    private final class Hand: Sendable {
        private let state = Mutex(Duration.zero)

        var now: Duration { self.state.withLock { $0 } }

        func move(by time: Duration) { self.state.withLock { $0 += time } }
    }

    init() throws {
        let clock = self.clock
        self.provider = try IdentityProvider { clock.now }
    }

    /// A user's token of now.
    private func token() throws -> String {
        let secrets = Secrets(settings: IdentityProvider.environment)
        let mint = try #require(UserKeys(secrets, self.provider).mint)
        return try mint.tokens.token(
            for: "ann",
            scopes: "payment:write",
            at: ProcessClock.startOfTime,
            lifetime: 60,
            randomBytes: [UInt8](repeating: 7, count: 16)
        )
    }

    /// True when a gateway that reads the keys now accepts `token`.
    private func takes(_ token: String) throws -> Bool {
        let secrets = Secrets(settings: IdentityProvider.environment)
        let credentials = try secrets.configuration(.gateway).credentials
        try credentials.adopt(jwks: try self.provider.read(by: "gateway-1"))
        return (try? credentials.userVerifier.verify(token, at: ProcessClock.startOfTime)) != nil
    }

    @Test("no token is lost in three steps: the next key is published, then it signs, then alone")
    func rotates() throws {
        let former = try self.token()
        try self.provider.announce()
        #expect(try self.token() == former)
        self.provider.swap()
        let next = try self.token()
        #expect(next != former)
        #expect(try self.takes(former))
        #expect(try self.takes(next))
        self.provider.withdraw()
        #expect(try self.takes(next))
        #expect(try !self.takes(former))
    }

    @Test("services go on with their secret")
    func sparesServices() throws {
        let credentials = try Secrets(settings: IdentityProvider.environment).configuration(.ledger)
            .credentials
        #expect(credentials.serviceKeys.keys.map(\.algorithm) == [.hs256])
    }

    @Test("a gateway must know a key soon after it could read it, however long it could not")
    func knows() throws {
        self.provider.joined("gateway-1")
        _ = try self.provider.read(by: "gateway-1")
        #expect(self.provider.mustBeKnown("key-1"))
        try self.provider.announce()
        self.provider.swap()
        #expect(!self.provider.isKnown(to: "gateway-1"))
        self.clock.move(by: IdentityProvider.grace)
        self.provider.wasAway(for: "gateway-1")
        #expect(!self.provider.mustBeKnown("key-2"))
        #expect(self.provider.mustBeKnown("key-1"))
        self.clock.move(by: IdentityProvider.grace + .milliseconds(1))
        #expect(self.provider.mustBeKnown("key-2"))
        _ = try self.provider.read(by: "gateway-1")
        #expect(self.provider.isKnown(to: "gateway-1"))
    }

    @Test("a gateway that came just now knows nobody, and one that went is nobody's business")
    func comesAndGoes() throws {
        self.clock.move(by: .seconds(60))
        self.provider.joined("gateway-1")
        #expect(!self.provider.mustBeKnown("key-1"))
        self.provider.left("gateway-1")
        #expect(self.provider.mustBeKnown("key-1"))
    }

    @Test("one rotation waits for another")
    func rotatesOneByOne() {
        #expect(self.provider.begin())
        #expect(!self.provider.begin())
        self.provider.end()
        #expect(self.provider.begin())
    }
}
