package import Identity

/// The keys and names by which tokens are made and judged.
package struct Credentials: Sendable {
    /// Judges users' tokens.
    package let userKeys: KeySet

    /// Judges services' tokens.
    package let serviceKeys: KeySet

    /// Makes tokens.
    package let signer: TokenSigner

    package let issuer: String

    /// The audience of users' tokens.
    package let audience: String

    /// What users' tokens are signed with.
    private let algorithm: SignatureAlgorithm

    /// Reads `JWT_SECRET_KEY` (and `JWT_SECRET_KEY_PREVIOUS` during a rotation), `JWT_ALGORITHM`,
    /// `JWT_JWKS_FILE`, `JWT_ISSUER` and `JWT_AUDIENCE`.
    package init(_ variables: Variables) throws(ConfigurationProblem) {
        guard let current = try variables.key("JWT_SECRET_KEY") else {
            throw ConfigurationProblem("JWT_SECRET_KEY", "is not set", example: makeSecret)
        }
        let previous = try variables.key("JWT_SECRET_KEY_PREVIOUS")
        self.serviceKeys = try variables.keySet([current.key] + (previous.map { [$0.key] } ?? []))
        self.signer = current.signer
        self.algorithm = try variables.algorithm()
        self.userKeys = try variables.publicKeys(self.algorithm) ?? self.serviceKeys
        self.issuer = variables.text("JWT_ISSUER") ?? "florin"
        self.audience = variables.text("JWT_AUDIENCE") ?? "gateway"
    }

    /// Makes users' tokens that the gateway takes.
    ///
    /// - Throws: when the gateway takes only those of somebody else's private key.
    package func userTokenIssuer() throws(ConfigurationProblem) -> UserTokenIssuer {
        guard self.algorithm == .hs256 else {
            let fault = "is \(self.algorithm.rawValue): only the holder of the private key"
            throw ConfigurationProblem(
                "JWT_ALGORITHM",
                fault + " makes users' tokens",
                example: "HS256"
            )
        }
        return UserTokenIssuer(
            signer: self.signer,
            issuer: self.issuer,
            audience: self.audience
        )
    }
}

private let makeSecret = "$(openssl rand -base64 48)"
private let jwksFile = "JWT_JWKS_FILE"

extension Variables {
    /// The secret that `name` says, as a key and as what signs with it.
    fileprivate func key(
        _ name: String
    ) throws(ConfigurationProblem) -> (key: VerificationKey, signer: TokenSigner)? {
        guard let secret = try self.secret(name, example: makeSecret) else { return nil }
        let bytes = Array(secret.utf8)
        do throws(KeyError) {
            return (try .hs256(secret: bytes), try TokenSigner(secret: bytes))
        } catch {
            throw ConfigurationProblem(name, "\(error)", example: makeSecret)
        }
    }

    fileprivate func keySet(
        _ keys: [VerificationKey]
    ) throws(ConfigurationProblem) -> KeySet {
        do throws(KeyError) {
            return try KeySet(keys)
        } catch {
            throw ConfigurationProblem("JWT_SECRET_KEY", "\(error)", example: makeSecret)
        }
    }

    fileprivate func algorithm() throws(ConfigurationProblem) -> SignatureAlgorithm {
        let name = self.text("JWT_ALGORITHM") ?? SignatureAlgorithm.hs256.rawValue
        guard let algorithm = SignatureAlgorithm(rawValue: name) else {
            let known = SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
            let fault = "'\(name.prefix(16))' is not one of \(known)"
            throw ConfigurationProblem("JWT_ALGORITHM", fault, example: "HS256")
        }
        return algorithm
    }

    /// The keys of the JWKS file that are for `algorithm`; nil when that has no public keys.
    fileprivate func publicKeys(
        _ algorithm: SignatureAlgorithm
    ) throws(ConfigurationProblem) -> KeySet? {
        guard let path = self.text(jwksFile) else {
            if algorithm == .hs256 { return nil }
            throw Self.jwksProblem("is needed for \(algorithm.rawValue)")
        }
        guard algorithm != .hs256 else {
            throw Self.jwksProblem(
                "is set, but JWT_ALGORITHM is HS256; choose RS256, ES256 or EdDSA"
            )
        }
        let bytes = try self.file(path, of: jwksFile, example: "/etc/florin/jwks.json")
        do throws(KeyError) {
            let keys = try KeySet(jwks: bytes).keys.filter { $0.algorithm == algorithm }
            if !keys.isEmpty { return try KeySet(keys) }
        } catch {
            throw Self.jwksProblem("\(error)")
        }
        throw Self.jwksProblem("no key of '\(path)' is for \(algorithm.rawValue)")
    }

    private static func jwksProblem(_ fault: String) -> ConfigurationProblem {
        ConfigurationProblem(jwksFile, fault, example: "/etc/florin/jwks.json")
    }
}
