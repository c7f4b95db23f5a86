import Composition
import Drills
import Foundation
import Identity
import Scenarios

/// Makes users' tokens: good ones, and those that are right in everything but one.
struct LiveForger: Sendable {
    let credentials: Credentials

    /// Reads the secret that the processes of the run were started with.
    init(secret: String) throws {
        self.credentials = try Credentials(Variables(["JWT_SECRET_KEY": secret]) { _ in nil })
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
        let forger = Forger(signer: self.credentials.signer, issuer: self.credentials.issuer)
        return forger.token(
            for: fault,
            subject,
            audience: self.credentials.audience,
            scopes: scopes,
            at: Self.now,
            as: .user
        )
    }

    /// A provider of the tokens that `service` presents to others.
    func tokens(of service: ServiceName) -> ServiceTokenProvider {
        .make(
            for: service,
            self.credentials,
            now: { Self.now },
            randomBytes: { Self.randomBytes($0) }
        )
    }

    /// Seconds since 1970.
    static var now: UnixSeconds { UnixSeconds(Date().timeIntervalSince1970) }

    /// Bytes that nobody can guess, from the system.
    static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
