import Drills
import Identity
import Scenarios
import Synchronization

/// The token of one user, had again when it is about to end or was refused.
final class LiveWallet: Sendable {
    private let subject: String
    private let party: Party
    private let plan: ClientPlan
    private let forger: LiveForger
    private let strikes: LiveStrikes
    private let held = Mutex<Held?>(nil)

    private struct Held {
        let token: String
        let until: UnixSeconds
    }

    init(
        _ subject: String,
        _ party: Party,
        _ plan: ClientPlan,
        _ forger: LiveForger,
        _ strikes: LiveStrikes
    ) {
        self.subject = subject
        self.party = party
        self.plan = plan
        self.forger = forger
        self.strikes = strikes
    }

    /// The bad token that the next operation presents, while a fault says so.
    func badToken() -> String? {
        guard let fault = self.strikes.tokenFault(for: self.party) else { return nil }
        return self.forger.badToken(self.subject, scopes: self.scopes, for: fault)
    }

    /// A good token, kept for as long as the plan says.
    func goodToken() -> String {
        let now = LiveForger.now
        if let held = self.held.withLock({ $0 }), held.until > now { return held.token }
        let lifetime = max(1, self.plan.tokenLifetime.components.seconds)
        let token = try? self.forger.goodToken(
            self.subject,
            scopes: self.scopes,
            lifetime: lifetime
        )
        guard let token else { return "" }
        self.held.withLock { $0 = Held(token: token, until: now + lifetime) }
        return token
    }

    /// Gets a fresh token the next time.
    func drop() { self.held.withLock { $0 = nil } }

    private var scopes: Scopes { Scopes(self.plan.scopes.joined(separator: " ")) }
}
