import Composition
import DrillEngine
import Identity
import Synchronization

/// The maker of users' tokens, when gateways know them by public keys that it publishes.
///
/// It knows what each gateway has read, and so which tokens that gateway must take.
final class IdentityProvider: UserKeyProvider {
    /// The pace at which gateways read the keys in a drill; a serving process reads more rarely.
    static let pace = KeyRefresh.Pace(interval: .seconds(2), afterFailure: .milliseconds(500))

    /// The time that a reading takes.
    static let latency = Duration.milliseconds(20)

    /// The time for which a readable key may be unknown to a gateway.
    static let grace = pace.interval + pace.afterFailure + .seconds(1)

    private let now: @Sendable () -> Duration
    private let state: Mutex<State>

    private struct State {
        /// The published keys, oldest first.
        var published: [Key]
        var signing: Key
        var made = 1
        var readers: [String: Reader] = [:]
        var isRotating = false
    }

    private struct Key {
        let id: String
        let signer: TokenSigner
        let publishedAt: Duration
    }

    /// The keys that a running gateway has.
    private struct Reader {
        var known: Set<String> = []
        /// The time since which nothing has kept it from reading.
        var unhindered: Duration
    }

    /// A provider with one key; `now` is the time since the start of the run.
    init(now: @escaping @Sendable () -> Duration) throws(CryptoError) {
        let first = try Self.key(1, at: .zero)
        self.now = now
        self.state = Mutex(State(published: [first], signing: first))
    }

    /// The settings with which a process judges users' tokens by the keys.
    static let environment = [
        "JWT_ALGORITHM": SignatureAlgorithm.edDSA.rawValue,
        "JWT_JWKS_URL": "https://login.example/jwks.json",
    ]

    /// The current signer, and its name.
    var signing: (id: String, signer: TokenSigner) {
        self.state.withLock { ($0.signing.id, $0.signing.signer) }
    }

    /// True when the key is published.
    func publishes(_ key: String) -> Bool {
        self.state.withLock { $0.published.contains { $0.id == key } }
    }

    /// True when every gateway that runs must take tokens of the key by now.
    func mustBeKnown(_ key: String) -> Bool {
        let now = self.now()
        return self.state.withLock { state in
            guard let key = state.published.first(where: { $0.id == key }) else { return false }
            return state.readers.values.allSatisfy { reader in
                reader.known.contains(key.id)
                    || now > max(key.publishedAt, reader.unhindered) + Self.grace
            }
        }
    }

    /// True when the gateway that runs as `process` takes the tokens that are made now.
    func isKnown(to process: String) -> Bool {
        self.state.withLock { state in
            state.readers[process]?.known.contains(state.signing.id) ?? false
        }
    }

    private static func key(_ number: Int, at time: Duration) throws(CryptoError) -> Key {
        let id = "key-\(number)"
        let seed = SHA256Digest.digest(Array("rehearsal \(id)".utf8))
        let signer = try TokenSigner(ed25519: seed, keyID: id)
        return Key(id: id, signer: signer, publishedAt: time)
    }
}

/// The keys as gateways read them.
extension IdentityProvider {
    /// A gateway runs now, and has no keys.
    func joined(_ process: String) {
        let now = self.now()
        self.state.withLock { $0.readers[process] = Reader(unhindered: now) }
    }

    /// A gateway runs no more.
    func left(_ process: String) { self.state.withLock { $0.readers[process] = nil } }

    /// A gateway tried to read the keys, and could not.
    func wasAway(for process: String) {
        let now = self.now()
        self.state.withLock { $0.readers[process]?.unhindered = now }
    }

    /// The JWKS, as a gateway reads it now.
    func read(by process: String) throws(CryptoError) -> [UInt8] {
        let published = self.state.withLock { state in
            state.readers[process]?.known = Set(state.published.map(\.id))
            return state.published
        }
        var keys: [String] = []
        for key in published {
            let point = Base64URL.text(try key.signer.publicKey() ?? [])
            keys.append(#"{"kty":"OKP","crv":"Ed25519","kid":"\#(key.id)","x":"\#(point)"}"#)
        }
        return Array("{\"keys\":[\(keys.joined(separator: ","))]}".utf8)
    }
}

/// A rotation, step by step; one that is cancelled stays where it is.
extension IdentityProvider {
    /// Begins a rotation; false when another has not ended.
    func begin() -> Bool {
        self.state.withLock { state in
            defer { state.isRotating = true }
            return !state.isRotating
        }
    }

    /// First of three steps: the next key is published, and the present one still signs.
    func announce() throws(CryptoError) {
        let now = self.now()
        try self.state.withLock { state throws(CryptoError) in
            state.made += 1
            state.published.append(try Self.key(state.made, at: now))
        }
    }

    /// Second step: the next key signs, and the former is still published.
    func swap() { self.state.withLock { $0.signing = $0.published.last ?? $0.signing } }

    /// Third step: the former is withdrawn.
    func withdraw() {
        self.state.withLock { state in state.published.removeAll { $0.id != state.signing.id } }
    }

    func end() { self.state.withLock { $0.isRotating = false } }
}
