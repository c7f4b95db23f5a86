package import Identity

/// The keys and names that sign and verify tokens.
package struct Credentials: Sendable {
    /// Verifies users' tokens.
    package let userVerifier: UserVerifier

    /// The source of the public keys for users' tokens; nil with a shared secret.
    package let jwks: JWKSLocation?

    /// Verifies services' tokens.
    package let serviceKeys: KeySet

    /// Signs tokens.
    package let signer: TokenSigner

    package let issuer: String

    /// The required audience of users' tokens.
    package let audience: String

    /// The signature algorithm of users' tokens.
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

    /// Replaces the keys for users' tokens with those of a JWKS.
    ///
    /// - Throws: The error in the JWKS; the current keys stay in use.
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

    /// An issuer of users' tokens that the gateway accepts.
    ///
    /// - Throws: If the tokens need a private key that this process does not have.
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
    /// The secret in `name`, as a verification key and as a signer.
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

    /// The source of the public keys for `algorithm`; nil for HS256.
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
            // Text before an `@` is not the host.
            if url.hasPrefix("https://") || isLoopback, !url.contains("@") { return .url(url) }
            throw JWKSLocation.url(url).problem("is not an https URL without user and password")
        case (_?, let url?):
            throw JWKSLocation.url(url).problem("is set together with \(jwksFile); choose one")
        }
    }
}

/// The location of a JWKS.
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
