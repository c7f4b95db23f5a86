import Composition
import Identity
import Scenarios
import Simulation
import Synchronization

/// The token of one user, had again when it is about to end or was refused.
final class Wallet: Sendable {
    private let subject: String
    private let party: Party
    private let plan: ClientPlan
    private let site: Site
    private let entropy: Entropy
    private let held = Mutex<Held?>(nil)

    private struct Held {
        let token: String
        let until: UnixSeconds
    }

    init(_ subject: String, _ party: Party, _ plan: ClientPlan, _ site: Site) {
        self.subject = subject
        self.party = party
        self.plan = plan
        self.site = site
        self.entropy = Entropy(site.simulation.stream("wallet/\(subject)"))
    }

    /// What the next operation presents: a token that must be refused, while a fault says so.
    func credential() -> Credential {
        self.badToken().map { .bad($0) } ?? .good
    }

    /// The token for one try of an operation.
    func token(_ credential: Credential) -> String {
        switch credential {
        case .bad(let token): return token
        case .good: return self.goodToken()
        }
    }

    private func goodToken() -> String {
        let now = self.now
        let held = self.held.withLock { $0 }
        if let held, held.until > now { return held.token }
        let token = self.mint(at: now)
        let until = now + max(1, self.plan.tokenLifetime.components.seconds)
        self.held.withLock { $0 = Held(token: token, until: until) }
        return token
    }

    /// Gets a fresh token the next time.
    func drop() { self.held.withLock { $0 = nil } }

    private func badToken() -> String? {
        let struck = self.site.strikes.struck {
            $0.plan.kind.isForTokens && $0.isAimed(at: self.party)
        }
        guard let struck, let credentials = self.credentials else { return nil }
        let forger = Forger(signer: credentials.signer, issuer: credentials.issuer)
        return forger.token(
            for: struck.plan.kind,
            self.subject,
            audience: credentials.audience,
            scopes: self.scopes,
            at: self.now,
            as: .user
        )
    }

    private func mint(at now: UnixSeconds) -> String {
        let token = try? self.credentials?.userTokenIssuer().token(
            for: self.subject,
            scopes: self.scopes,
            at: now,
            lifetime: max(1, self.plan.tokenLifetime.components.seconds),
            randomBytes: self.entropy.bytes(16)
        )
        return token ?? ""
    }

    private var credentials: Credentials? {
        try? self.site.secrets.configuration(.gateway).credentials
    }

    private var scopes: Scopes { Scopes(self.plan.scopes.joined(separator: " ")) }

    /// Users' clocks are right.
    private var now: UnixSeconds {
        ProcessClock.startOfTime + self.site.simulation.clock.now.sinceStart.components.seconds
    }
}

/// What an operation presents with every try.
enum Credential {
    case good
    /// A token that must be refused.
    case bad(String)

    var isGood: Bool { if case .good = self { true } else { false } }
}
