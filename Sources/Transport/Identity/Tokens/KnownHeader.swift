internal import Synchronization

/// A header and the text that it was read from.
struct KnownHeader {
    let text: ArraySlice<UInt8>
    let header: TokenHeader
}

/// The header of the last new kind that was authenticated: one issuer writes the same one always.
///
/// It holds one, and only tokens with a good signature put theirs in, so a stranger cannot make it
/// grow nor push out the one that is in use.
final class LastHeader: Sendable {
    private let last = Mutex<KnownHeader?>(nil)

    var known: KnownHeader? { last.withLock { $0 } }

    func remember(_ token: CompactToken) {
        let header = token.knownHeader
        last.withLock { $0 = header }
    }
}
