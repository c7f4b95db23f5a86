package import Identity

/// The keys and names by which tokens are made and judged.
package struct Credentials: Sendable {
    /// Judges users' tokens.
    package let userVerifier: UserVerifier

    /// Where the public keys of users' tokens come from; nil when there are none.
    package let jwks: JWKSLocation?

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
    /// `JWT_JWKS_FILE` or `JWT_JWKS_URL`, `JWT_ISSUER` and `JWT_AUDIENCE`.
    package init(_ variables: Variables) throws(ConfigurationProblem) {
        guard let current = try variables.key("JWT_SECRET_KEY") else {
            throw ConfigurationProblem("JWT_SECRET_KEY", "is not set", example: makeSecret)
        }
        let previous = try variables.key("JWT_SECRET_KEY_PREVIOUS")
        self.serviceKeys = try variables.keySet([current.key] + (previous.map { [$0.key] } ?? []))
        self.signer = current.signer
        self.algorithm = try variables.algorithm()
        self.jwks = try variables.jwksLocation(self.algorithm)
        self.issuer = variables.text("JWT_ISSUER") ?? "florin"
        self.audience = variables.text("JWT_AUDIENCE") ?? "gateway"
        self.userVerifier = UserVerifier(issuer: self.issuer, audience: self.audience)
        switch self.jwks {
        case nil: self.userVerifier.adopt(self.serviceKeys)
        case .url: break
        case .file(let path):
            try self.adopt(variables.file(path, of: jwksFile, example: jwksExample), path)
        }
    }

    /// Judges users' tokens by the keys of a JWKS from now on.
    ///
    /// - Throws: what is wrong with it; the keys so far stay.
    package func adopt(jwks bytes: [UInt8]) throws(KeyError) {
        let keys = try KeySet(jwks: bytes).keys.filter { $0.algorithm == self.algorithm }
        if keys.isEmpty { throw .setHasNoUsableKey }
        self.userVerifier.adopt(try KeySet(keys))
    }

    private func adopt(_ bytes: [UInt8], _ path: String) throws(ConfigurationProblem) {
        do throws(KeyError) {
            try self.adopt(jwks: bytes)
        } catch .setHasNoUsableKey {
            let fault = "no key of '\(path)' is for \(self.algorithm.rawValue)"
            throw ConfigurationProblem(jwksFile, fault, example: jwksExample)
        } catch {
            throw ConfigurationProblem(jwksFile, "\(error)", example: jwksExample)
        }
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
private let jwksURL = "JWT_JWKS_URL"
private let jwksExample = "/etc/florin/jwks.json"

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

    /// Where the public keys for `algorithm` are; nil when it has none.
    fileprivate func jwksLocation(
        _ algorithm: SignatureAlgorithm
    ) throws(ConfigurationProblem) -> JWKSLocation? {
        let location = try self.jwksLocation()
        if algorithm == .hs256, let location {
            let fault = "is set, but JWT_ALGORITHM is HS256; choose RS256, ES256 or EdDSA"
            throw location.problem(fault)
        }
        if algorithm != .hs256, location == nil {
            let fault = "or \(jwksURL) is needed for \(algorithm.rawValue)"
            throw ConfigurationProblem(jwksFile, fault, example: jwksExample)
        }
        return location
    }

    private func jwksLocation() throws(ConfigurationProblem) -> JWKSLocation? {
        switch (self.text(jwksFile), self.text(jwksURL)) {
        case (nil, nil): return nil
        case (let path?, nil): return .file(path)
        case (nil, let url?):
            let isLoopback =
                url.hasPrefix("http://127.0.0.1:") || url.hasPrefix("http://localhost:")
            // What stands before an `@` is no host.
            if url.hasPrefix("https://") || isLoopback, !url.contains("@") { return .url(url) }
            throw JWKSLocation.url(url).problem("is not an https URL without user and password")
        case (_?, let url?):
            throw JWKSLocation.url(url).problem("is set together with \(jwksFile); choose one")
        }
    }
}

/// Where a JWKS is.
package enum JWKSLocation: Hashable, Sendable {
    case file(String)
    case url(String)

    fileprivate func problem(_ fault: String) -> ConfigurationProblem {
        switch self {
        case .file: ConfigurationProblem(jwksFile, fault, example: jwksExample)
        case .url:
            ConfigurationProblem(jwksURL, fault, example: "https://login.example/jwks.json")
        }
    }
}
