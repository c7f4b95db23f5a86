import Identity
import Scenarios
import SimulatedDrills
import Simulation
import Synchronization

/// The token of one user, had again when it is about to end or was refused.
final class LiveTokenSource: Sendable {
    private let subject: String
    private let node: Node
    private let plan: ClientPlan
    private let forger: LiveForger
    private let injector: LiveFaultInjector
    private let held = Mutex<Held?>(nil)
    private let relapses: Mutex<RandomStream>

    /// The chance that an operation presents a token of a retired secret.
    private static let relapseChance = 0.1

    private struct Held {
        let token: String
        let secret: String
        let until: UnixSeconds
    }

    init(
        _ subject: String,
        _ node: Node,
        _ plan: ClientPlan,
        _ forger: LiveForger,
        _ injector: LiveFaultInjector,
        seed: UInt64
    ) {
        self.subject = subject
        self.node = node
        self.plan = plan
        self.forger = forger
        self.injector = injector
        self.relapses = Mutex(RandomStream(seed: seed, name: "relapse/\(node.process)"))
    }

    /// The bad token that the next operation presents, while a fault says so, or now and then once a
    /// secret is retired.
    func badToken() -> String? {
        if let fault = self.injector.tokenFault(for: self.node) {
            return self.forger.badToken(self.subject, scopes: self.scopes, for: fault)
        }
        guard !self.injector.isHealed,
            self.relapses.withLock({ $0.chance(Self.relapseChance) })
        else { return nil }
        return self.forger.retiredToken(self.subject, scopes: self.scopes)
    }

    /// A good token, kept for as long as the plan says.
    func goodToken() -> String {
        let now = LiveForger.now
        let secret = self.forger.secrets.current
        if let held = self.held.withLock({ $0 }), held.until > now,
            self.forger.secrets.takes(held.secret)
        {
            return held.token
        }
        let lifetime = max(1, self.plan.tokenLifetime.components.seconds)
        let token = try? self.forger.goodToken(
            self.subject,
            scopes: self.scopes,
            lifetime: lifetime
        )
        guard let token else { return "" }
        self.held.withLock { $0 = Held(token: token, secret: secret, until: now + lifetime) }
        return token
    }

    /// Gets a fresh token the next time.
    func drop() { self.held.withLock { $0 = nil } }

    private var scopes: Scopes { Scopes(self.plan.scopes.joined(separator: " ")) }
}
