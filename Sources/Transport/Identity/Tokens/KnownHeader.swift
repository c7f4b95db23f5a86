internal import Synchronization

/// A header with its encoded text.
struct KnownHeader {
    let text: ArraySlice<UInt8>
    let header: TokenHeader
}

/// The header of the last verified token with a new one; an issuer always writes the same.
///
/// It holds one header, and only a valid signature replaces it, so that strangers can neither make
/// it grow nor evict the current one.
final class LastHeader: Sendable {
    private let last = Mutex<KnownHeader?>(nil)

    var known: KnownHeader? { last.withLock { $0 } }

    func remember(_ token: CompactToken) {
        let header = token.knownHeader
        last.withLock { $0 = header }
    }
}
