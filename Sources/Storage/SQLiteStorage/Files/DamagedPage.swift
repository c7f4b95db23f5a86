import Synchronization

/// Remembers the last page found damaged, which SQLite's error does not name.
///
/// Shared by all journals of the process, so the page may belong to another one.
enum DamagedPage {
    private static let last = Mutex<Int64?>(nil)

    static func note(offset: Int64) { self.last.withLock { $0 = offset } }

    /// The page number, counted from 1, in a sentence.
    static var sentence: String {
        guard let offset = self.last.withLock({ $0 }) else { return "a page is damaged" }
        let page = offset / Int64(PageChecksum.pageByteCount) + 1
        return "page \(page) is not what was written: its checksum is wrong"
    }
}
