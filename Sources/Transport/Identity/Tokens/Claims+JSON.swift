internal import StrictJSON

extension Claims {
    /// Reads the known claims, each of its right type; ignores others.
    ///
    /// - Throws: ``TokenError`` for a claim that is missing or malformed.
    init(_ members: JSONObject) throws(TokenError) {
        issuer = try Self.required(try Self.text(.issuer, members), .issuer)
        audience = try Self.required(try Self.audience(members), .audience)
        subject = try Self.required(try Self.text(.subject, members), .subject)
        guard !subject.isEmpty else { throw .claimMalformed(.subject) }
        scopes = Scopes(try Self.text(.scope, members) ?? "")
        expiresAt = try Self.required(try Self.date(.expiry, members), .expiry)
        issuedAt = try Self.date(.issuedAt, members)
        notBefore = try Self.date(.notBefore, members)
        id = try Self.text(.id, members)
    }

    /// The claims as a payload; a single audience becomes a string (RFC 7519 § 4.1.3).
    var json: JSONValue {
        var members = JSONObject()
        members[TokenError.Claim.issuer.rawValue] = .string(issuer)
        members[TokenError.Claim.subject.rawValue] = .string(subject)
        members[TokenError.Claim.audience.rawValue] =
            audience.count == 1 ? .string(audience[0]) : .array(audience.map { .string($0) })
        if !scopes.isEmpty { members[TokenError.Claim.scope.rawValue] = .string(scopes.text) }
        members[TokenError.Claim.issuedAt.rawValue] = issuedAt.map { .number(JSONNumber($0)) }
        members[TokenError.Claim.notBefore.rawValue] = notBefore.map { .number(JSONNumber($0)) }
        members[TokenError.Claim.expiry.rawValue] = .number(JSONNumber(expiresAt))
        members[TokenError.Claim.id.rawValue] = id.map { .string($0) }
        return .object(members)
    }

    private static func required<Value>(
        _ value: Value?,
        _ claim: TokenError.Claim
    ) throws(TokenError) -> Value {
        guard let value else { throw .claimMissing(claim) }
        return value
    }

    private static func text(
        _ claim: TokenError.Claim,
        _ members: JSONObject
    ) throws(TokenError) -> String? {
        guard let value = members[claim.rawValue] else { return nil }
        guard let text = value.string else { throw .claimMalformed(claim) }
        return text
    }

    private static func date(
        _ claim: TokenError.Claim,
        _ members: JSONObject
    ) throws(TokenError) -> UnixSeconds? {
        guard let value = members[claim.rawValue] else { return nil }
        guard let date = value.number.flatMap(NumericDate.seconds) else {
            throw .claimMalformed(claim)
        }
        return date
    }

    /// Reads a string or an array of strings.
    private static func audience(_ members: JSONObject) throws(TokenError) -> [String]? {
        switch members[TokenError.Claim.audience.rawValue] {
        case nil: return nil
        case .string(let one): return [one]
        case .array(let elements):
            let names = elements.compactMap(\.string)
            guard names.count == elements.count else { throw .claimMalformed(.audience) }
            return names
        default: throw .claimMalformed(.audience)
        }
    }
}
