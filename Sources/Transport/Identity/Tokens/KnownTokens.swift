internal import Synchronization

/// A cache of verified tokens and their claims.
///
/// Signer, audience and claims of a text cannot change while the keys stay the same. Only time
/// passes, and the caller checks it on each use. Only holders of valid tokens can fill the cache.
/// When its newer half is full, the older half is dropped.
final class KnownTokens: Sendable {
    /// The most tokens in the cache.
    static let tokensMax = 512

    fileprivate struct Known {
        let text: String
        let claims: Claims
    }

    fileprivate struct State {
        var recent: [String: Known] = [:]
        var former: [String: Known] = [:]
        var dropped = 0
    }

    private let state = Mutex(State())

    /// Returns the claims of `token`; nil unless the cache has its exact bytes.
    func claims(of token: String) -> Claims? {
        state.withLock { state in
            if let known = state.recent[token] { return known.claims(of: token) }
            guard let known = state.former[token] else { return nil }
            state.add(known)
            return known.claims(of: token)
        }
    }

    /// Adds a verified token.
    func remember(_ token: String, _ claims: Claims) {
        state.withLock { $0.add(Known(text: token, claims: claims)) }
    }

    /// The number of tokens in the cache.
    var count: Int { state.withLock { $0.recent.count + $0.former.count } }

    /// The number of tokens dropped for want of room.
    var dropped: Int { state.withLock { $0.dropped } }
}

extension KnownTokens.Known {
    /// Compares byte counts, because `String` equality accepts canonical equivalents.
    ///
    /// A valid token is ASCII; any equivalent text has more bytes.
    fileprivate func claims(of token: String) -> Claims? {
        text.utf8.count == token.utf8.count ? claims : nil
    }
}

extension KnownTokens.State {
    fileprivate mutating func add(_ known: KnownTokens.Known) {
        former[known.text] = nil
        if recent.count >= KnownTokens.tokensMax / 2 {
            dropped += former.count
            (former, recent) = (recent, [:])
        }
        recent[known.text] = known
    }
}
