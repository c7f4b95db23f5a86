internal import StrictJSON

/// A key of a JWKS (RFC 7517, RFC 7518 § 6, RFC 8037 § 2), convertible to a `VerificationKey`.
struct JSONWebKey {
    static let rsaBits = 2048...8192

    /// Members that only private and symmetric keys have.
    private static let privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

    private let members: JSONObject
    private let position: Int

    init(_ members: JSONObject, position: Int) {
        self.members = members
        self.position = position
    }

    /// Converts the key; nil when it has another use.
    ///
    /// - Throws: ``KeyError`` for a private, symmetric, malformed or weak key.
    func verificationKey() throws(KeyError) -> VerificationKey? {
        let type = try text("kty")
        guard type != "oct" else { throw .keyIsSymmetric(position: position) }
        guard !Self.privateMembers.contains(where: { members[$0] != nil }) else {
            throw .keyIsPrivate(position: position)
        }
        guard let algorithm = try algorithm(type), try isForSignatures(algorithm) else {
            return nil
        }
        let id = try optionalText("kid")
        guard id != "" else { throw malformed("kid") }
        let key = try publicKey(algorithm)
        return VerificationKey(key, algorithm: algorithm, id: id)
    }

    /// The algorithm for this type and curve; nil for one that we do not support.
    private func algorithm(_ type: String) throws(KeyError) -> SignatureAlgorithm? {
        switch type {
        case "RSA": .rs256
        case "EC": try text("crv") == "P-256" ? .es256 : nil
        case "OKP": try text("crv") == "Ed25519" ? .edDSA : nil
        default: nil
        }
    }

    /// True when `use`, `key_ops` and `alg`, if present, allow verification by this algorithm.
    private func isForSignatures(_ algorithm: SignatureAlgorithm) throws(KeyError) -> Bool {
        guard try optionalText("use") ?? "sig" == "sig" else { return false }
        guard try optionalText("alg") ?? algorithm.rawValue == algorithm.rawValue else {
            return false
        }
        guard let operations = members["key_ops"] else { return true }
        guard let operations = operations.array else { throw malformed("key_ops") }
        return operations.contains(.string("verify"))
    }

    private func publicKey(_ algorithm: SignatureAlgorithm) throws(KeyError) -> PublicKey {
        let info =
            switch algorithm {
            case .rs256: try rsaInfo()
            case .es256: SubjectPublicKeyInfo.p256(x: try bytes("x", 32), y: try bytes("y", 32))
            case .edDSA, .hs256: SubjectPublicKeyInfo.ed25519(try bytes("x", 32))
            }
        guard let key = PublicKey(subjectPublicKeyInfo: info) else {
            throw .keyUnsound(position: position)
        }
        guard algorithm == .edDSA || key.isSound() else { throw .keyUnsound(position: position) }
        return key
    }

    private func rsaInfo() throws(KeyError) -> [UInt8] {
        let modulus = try unsigned("n")
        let exponent = try unsigned("e")
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard Self.rsaBits.contains(bits) else { throw .keyTooWeak(position: position, bits: bits) }
        return SubjectPublicKeyInfo.rsa(modulus: modulus, exponent: exponent)
    }
}

extension JSONWebKey {
    /// Reads a Base64urlUInt (RFC 7518 § 2): the number in the fewest bytes.
    private func unsigned(_ name: String) throws(KeyError) -> [UInt8] {
        let value = try bytes(name)
        guard let first = value.first, first != 0 else { throw malformed(name) }
        return value
    }

    private func bytes(_ name: String, _ count: Int? = nil) throws(KeyError) -> [UInt8] {
        guard let bytes = Base64URL.decode(try text(name)), bytes.count == count ?? bytes.count
        else { throw malformed(name) }
        return bytes
    }

    private func text(_ name: String) throws(KeyError) -> String {
        guard let text = try optionalText(name) else { throw malformed(name) }
        return text
    }

    private func optionalText(_ name: String) throws(KeyError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string else { throw malformed(name) }
        return text
    }

    private func malformed(_ member: String) -> KeyError {
        .keyMalformed(position: position, member: member)
    }
}
