internal import StrictJSON

/// A JOSE header (RFC 7515 § 4), not yet trusted.
struct TokenHeader: Equatable {
    /// Parameters that change the signed content or bring a key; no issuer of ours sends them.
    private static let refused = ["crit", "b64", "zip", "enc", "jwk", "jku", "x5u", "x5c"]

    let algorithm: String
    let keyID: String?
    let type: String?

    init(_ json: [UInt8]) throws(TokenError) {
        let members = try JSONObject(json, part: .header)
        for parameter in Self.refused where members[parameter] != nil {
            throw .headerRefused(parameter: parameter)
        }
        guard let algorithm = try Self.text("alg", in: members) else {
            throw .headerMalformed(parameter: "alg")
        }
        self.algorithm = algorithm
        keyID = try Self.text("kid", in: members)
        type = try Self.text("typ", in: members)
    }

    private static func text(
        _ name: String,
        in members: JSONObject
    ) throws(TokenError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string else { throw .headerMalformed(parameter: name) }
        return text
    }
}

extension JSONObject {
    /// Parses a part of a token that must be an object.
    init(_ json: [UInt8], part: TokenError.Part) throws(TokenError) {
        let value: JSONValue
        do {
            value = try JSONReader.read(json, limits: JSONLimits(bytesMax: CompactToken.bytesMax))
        } catch {
            throw .partNotJSON(part, reason: error.description)
        }
        guard let object = value.object else { throw .partNotObject(part) }
        self = object
    }
}
