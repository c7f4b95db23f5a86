package import Checkers
import Identity
import Scenarios
import Simulation
import Synchronization

/// The token of one user, replaced when it has ended or was refused.
final class TokenSource: Sendable {
    private let subject: String
    private let node: Node
    private let plan: ClientPlan
    private let context: RunContext
    private let entropy: Entropy
    private let held = Mutex<Held?>(nil)
    /// Draws when a token of a retired secret is presented.
    private let relapses: Mutex<RandomStream>

    /// The chance of a retired secret, once there is one.
    private static let relapseChance = 0.15

    private struct Held {
        let token: String
        /// The key that signed it.
        let key: String
        let until: UnixSeconds
    }

    init(_ subject: String, _ node: Node, _ plan: ClientPlan, _ context: RunContext) {
        self.subject = subject
        self.node = node
        self.plan = plan
        self.context = context
        self.entropy = Entropy(context.stream("wallet/\(subject)"))
        self.relapses = Mutex(context.stream("relapse/\(node.process)"))
    }

    /// The credential of the next operation: a token that must be refused, while a fault says so or now
    /// and then once a secret is retired.
    func credential() -> Credential {
        (self.badToken() ?? self.relapse()).map { .bad($0) } ?? .good
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
        if let held, held.until > now, self.context.users.takes(held.key) { return held.token }
        let key = self.context.users.current
        let token = self.token(of: self.context.users.mint, at: now)
        let until = now + max(1, self.plan.tokenLifetime.components.seconds)
        self.held.withLock { $0 = Held(token: token, key: key, until: until) }
        return token
    }

    /// Gets a fresh token the next time.
    func drop() { self.held.withLock { $0 = nil } }

    /// True when every gateway must know the key of the last token by now.
    var isDue: Bool {
        self.held.withLock { $0 }.map { self.context.users.mustBeKnown($0.key) } ?? true
    }

    /// The reason for a refusal of the last token; `wasDue`: every gateway had to know its key when it
    /// was sent.
    func refusal(wasDue: Bool) -> Refusal {
        guard let held = self.held.withLock({ $0 }), held.until > self.now,
            self.context.users.takes(held.key)
        else { return .lapsed }
        return wasDue ? .wrong : .early
    }

    /// The reason for the refusal of a token that was good when it was made.
    enum Refusal {
        /// Its time is over, or its secret is retired.
        case lapsed
        /// Its key is so new that not every gateway need know it.
        case early
        /// There is none: the refusal is a fault.
        case wrong
    }

    /// A token of the retired secret, now and then; nil otherwise.
    private func relapse() -> String? {
        guard self.context.secrets.hasRetired, !self.context.injector.isHealed,
            self.relapses.withLock({ $0.chance(Self.relapseChance) })
        else { return nil }
        return self.retiredToken()
    }

    /// A token of the retired secret; nil when there is none.
    func retiredToken() -> String? {
        self.context.users.retiredMint.map { self.token(of: $0, at: self.now) }
    }

    private func badToken() -> String? {
        let struck = self.context.injector.struck {
            $0.place == .tokens && $0.isAimed(at: self.node)
        }
        guard let struck, let mint = self.context.users.mint else { return nil }
        return mint.forger.token(
            for: struck.plan.kind,
            self.subject,
            audience: mint.audience,
            scopes: self.scopes,
            at: self.now,
            as: .user
        )
    }

    private func token(of mint: UserMint?, at now: UnixSeconds) -> String {
        let token = try? mint?.tokens.token(
            for: self.subject,
            scopes: self.scopes,
            at: now,
            lifetime: max(1, self.plan.tokenLifetime.components.seconds),
            randomBytes: self.entropy.bytes(16)
        )
        return token ?? ""
    }

    private var scopes: Scopes { Scopes(self.plan.scopes.joined(separator: " ")) }

    /// Users' clocks are right.
    private var now: UnixSeconds { self.context.clock.unixTime }
}

/// The credential of an operation, the same with every try.
enum Credential {
    case good
    /// A token that must be refused.
    case bad(String)

    var isGood: Bool { if case .good = self { true } else { false } }
}

extension TokenJudgement {
    /// `judge` refused a token that it had to refuse.
    package static func badRefused(_ requestID: String, by judge: String) -> TokenJudgement {
        TokenJudgement(requestID: requestID, judge: judge, isBad: true, wasAccepted: false)
    }

    /// `judge` refused a token that is good.
    package static func goodRefused(_ requestID: String, by judge: String) -> TokenJudgement {
        TokenJudgement(requestID: requestID, judge: judge, isBad: false, wasAccepted: false)
    }
}
