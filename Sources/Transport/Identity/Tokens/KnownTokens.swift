internal import Synchronization

/// Tokens that were found good, with what they say.
///
/// Who signed a text, for whom, and what it says, never changes while the keys are the same; only
/// time does, and is judged again by whoever asks. Nobody can fill it but holders of good tokens.
/// It forgets the half that was not asked for lately when the other half is full.
final class KnownTokens: Sendable {
    /// The most tokens that it holds.
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

    /// What a token says; nil when it is not known, to the byte.
    func claims(of token: String) -> Claims? {
        state.withLock { state in
            if let known = state.recent[token] { return known.claims(of: token) }
            guard let known = state.former[token] else { return nil }
            state.add(known)
            return known.claims(of: token)
        }
    }

    /// Keeps what a token says that was found good.
    func remember(_ token: String, _ claims: Claims) {
        state.withLock { $0.add(Known(text: token, claims: claims)) }
    }

    /// How many it holds.
    var count: Int { state.withLock { $0.recent.count + $0.former.count } }

    /// How many it has forgotten for want of room.
    var dropped: Int { state.withLock { $0.dropped } }
}

extension KnownTokens.Known {
    /// A good token is ASCII: another text that Unicode takes for the same has more bytes.
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
