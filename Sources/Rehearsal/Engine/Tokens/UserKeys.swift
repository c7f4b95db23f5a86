import Composition
package import Identity

/// The signers of users' tokens: the secret of the run, or the keys of an identity provider.
package struct UserKeys: Sendable {
    let secrets: Secrets
    private let provider: (any UserKeyProvider)?

    /// Signers of the tokens of users: those of `provider` if there is one.
    package init(_ secrets: Secrets, _ provider: (any UserKeyProvider)? = nil) {
        self.secrets = secrets
        self.provider = provider
    }

    /// The current signer, by a name that tells it from others.
    var current: String { self.provider?.signing.id ?? self.secrets.current }

    /// True when tokens of `key` are still good.
    func takes(_ key: String) -> Bool {
        self.provider?.publishes(key) ?? self.secrets.takes(key)
    }

    /// True when every gateway must take tokens of `key` by now.
    func mustBeKnown(_ key: String) -> Bool { self.provider?.mustBeKnown(key) ?? true }

    /// Makes users' tokens.
    var mint: UserMint? {
        guard let credentials = try? self.secrets.credentials(.gateway) else {
            return nil
        }
        return UserMint(credentials, signer: self.provider?.signing.signer)
    }

    /// The same with the secret that is taken no more; nil when there is none.
    var retiredMint: UserMint? {
        guard self.provider == nil, self.secrets.hasRetired,
            let credentials = try? self.secrets.retiredConfiguration(.gateway).credentials
        else { return nil }
        return UserMint(credentials, signer: nil)
    }
}

/// An identity provider that publishes the keys of its tokens.
package protocol UserKeyProvider: Sendable {
    /// The current signer, and its name.
    var signing: (id: String, signer: TokenSigner) { get }

    /// True when the key is published.
    func publishes(_ key: String) -> Bool

    /// True when every gateway that runs must take tokens of the key by now.
    func mustBeKnown(_ key: String) -> Bool
}

/// Makes tokens of users, good ones and those that are right in everything but one.
struct UserMint: Sendable {
    let tokens: UserTokenIssuer
    let forger: Forger
    let audience: String

    /// Signs with the secret of `credentials`, or with `signer`.
    init(_ credentials: Credentials, signer: TokenSigner?) {
        let signer = signer ?? credentials.signer
        self.audience = credentials.audience
        self.forger = Forger(signer: signer, issuer: credentials.issuer)
        self.tokens = UserTokenIssuer(
            signer: signer,
            issuer: credentials.issuer,
            audience: credentials.audience
        )
    }
}
