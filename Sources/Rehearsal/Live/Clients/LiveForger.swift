import Composition
import Foundation
import Identity
import Scenarios
import SimulatedDrills

/// Makes users' tokens: good ones, and those that are right in everything but one.
struct LiveForger: Sendable {
    /// Those that processes are started with.
    let secrets: Secrets

    private var credentials: Credentials {
        get throws { try self.secrets.credentials(.gateway) }
    }

    /// A token that the gateway takes, for `lifetime` seconds.
    func goodToken(_ subject: String, scopes: Scopes, lifetime: Int64) throws -> String {
        try self.credentials.userTokenIssuer().token(
            for: subject,
            scopes: scopes,
            at: Self.now,
            lifetime: lifetime,
            randomBytes: Self.randomBytes(16)
        )
    }

    /// A token that must be refused for what `fault` is about; nil when it is not about tokens.
    func badToken(_ subject: String, scopes: Scopes, for fault: FaultPlan.Kind) -> String? {
        guard let credentials = try? self.credentials else { return nil }
        let forger = Forger(signer: credentials.signer, issuer: credentials.issuer)
        return forger.token(
            for: fault,
            subject,
            audience: credentials.audience,
            scopes: scopes,
            at: Self.now,
            as: .user
        )
    }

    /// A token of the secret that no process takes any more; nil when there is none.
    func retiredToken(_ subject: String, scopes: Scopes) -> String? {
        guard self.secrets.hasRetired,
            let former = try? self.secrets.retiredConfiguration(.gateway).credentials
        else { return nil }
        return try? former.userTokenIssuer().token(
            for: subject,
            scopes: scopes,
            at: Self.now,
            lifetime: 60,
            randomBytes: Self.randomBytes(16)
        )
    }

    /// A token that `service` presents to `callee`.
    func token(of service: ServiceName, for callee: ServiceName) throws -> String {
        let tokens = ServiceTokenProvider.make(
            for: service,
            try self.credentials,
            now: { Self.now },
            randomBytes: { Self.randomBytes($0) }
        )
        return try tokens.token(for: callee.rawValue)
    }

    /// Seconds since 1970.
    static var now: UnixSeconds { UnixSeconds(Date().timeIntervalSince1970) }

    /// Bytes that nobody can guess, from the system.
    static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
