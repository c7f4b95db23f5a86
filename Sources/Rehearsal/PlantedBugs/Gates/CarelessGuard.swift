import Checkers
import Composition
import Identity
import Synchronization
import TransportCore

/// A check of service tokens that leaves a step out.
struct CarelessGuard: ServerPolicy {
    enum Flaw {
        case ignoresAudience
        case ignoresExpiry
        case ignoresNotBefore
        case ignoresScope
        /// A caller that was accepted once is accepted until the process ends.
        case remembersCallers
    }

    let flaw: Flaw
    let service: ServiceName
    let credentials: Credentials
    let table: MethodPolicies
    let now: @Sendable () -> UnixSeconds
    private let remembered = Remembered()

    private final class Remembered: Sendable {
        let callers = Mutex<[String: Claims]>([:])
    }

    init(_ flaw: Flaw, _ parts: ServiceParts, _ place: Place) {
        self.flaw = flaw
        self.service = parts.name
        self.credentials = place.configuration.credentials
        self.table = MethodPolicies.standard.adding(parts.access)
        self.now = place.dependencies.unixTime
    }

    func admit(_ call: inout IncomingCall) throws(RPCError) {
        guard case .scope(let scope)? = self.table.access(to: call.method) else { return }
        let claims = try self.claims(of: call)
        guard self.flaw == .ignoresScope || claims.scopes.contains(scope) else {
            throw RPCError(.permissionDenied, "the token lacks a scope")
        }
        call.caller = claims
    }

    private func claims(of call: IncomingCall) throws(RPCError) -> Claims {
        let header = call.metadata.text("authorization") ?? ""
        let token = String(header.dropFirst("Bearer ".count))
        let said = UnverifiedClaims(token)
        if self.flaw == .remembersCallers,
            let known = self.remembered.callers.withLock({ $0[said.text("sub")] })
        {
            return known
        }
        let claims = try self.verified(token, said)
        self.remembered.callers.withLock { $0[claims.subject] = claims }
        return claims
    }

    private func verified(
        _ token: String,
        _ said: UnverifiedClaims
    ) throws(RPCError) -> Claims {
        let verifier = TokenVerifier(
            keys: self.credentials.serviceKeys,
            issuer: self.credentials.issuer,
            audience: self.flaw == .ignoresAudience ? said.text("aud") : self.service.rawValue,
            kind: .service
        )
        do throws(TokenError) {
            return try verifier.verify(token, at: self.time(for: said))
        } catch {
            throw RPCError(.unauthenticated, "the token is not valid here")
        }
    }

    /// The time at which the token is checked, moved where the flaw requires it.
    private func time(for said: UnverifiedClaims) -> UnixSeconds {
        let now = self.now()
        switch self.flaw {
        case .ignoresExpiry: return min(now, said.number("exp").map { $0 - 1 } ?? now)
        case .ignoresNotBefore: return max(now, said.number("iat") ?? now)
        default: return now
        }
    }
}

/// The claims of a token before it is verified.
private struct UnverifiedClaims {
    /// The JSON of the payload, cut at each quotation mark.
    private let words: [Substring]

    init(_ token: String) {
        let parts = token.split(separator: ".")
        let payload = parts.count == 3 ? Base64URL.decode(String(parts[1])) ?? [] : []
        self.words = String(decoding: payload, as: UTF8.self)
            .split(separator: "\"", omittingEmptySubsequences: false)
    }

    func text(_ name: String) -> String { self.word(name, after: 2).map { String($0) } ?? "" }

    func number(_ name: String) -> Int64? {
        self.word(name, after: 1).flatMap { Int64(String($0.filter(\.isNumber))) }
    }

    private func word(_ name: String, after distance: Int) -> Substring? {
        guard let place = self.words.firstIndex(where: { $0 == name }),
            self.words.indices.contains(place + distance)
        else { return nil }
        return self.words[place + distance]
    }
}
