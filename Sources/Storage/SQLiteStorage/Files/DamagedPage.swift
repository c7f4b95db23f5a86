import Synchronization

/// Remembers which page was found damaged last: SQLite's error does not say.
///
/// With several journals in one process it may be the other one's page.
enum DamagedPage {
    private static let last = Mutex<Int64?>(nil)

    static func note(offset: Int64) { self.last.withLock { $0 = offset } }

    /// Which page it was, of which the first is 1.
    static var sentence: String {
        guard let offset = self.last.withLock({ $0 }) else { return "a page is damaged" }
        let page = offset / Int64(PageChecksum.pageByteCount) + 1
        return "page \(page) is not what was written: its checksum is wrong"
    }
}
