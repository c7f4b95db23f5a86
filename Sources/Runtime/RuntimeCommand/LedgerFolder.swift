import Composition
import Foundation
import TransportCore

/// The folder of the ledger's books, for as long as a process runs.
struct LedgerFolder {
    let path: String
    private let isTemporary: Bool

    /// Makes the folder if it is not there; nil when the books are in no folder.
    ///
    /// - Throws: ``ConfigurationError`` when it cannot be made.
    init?(_ store: LedgerStore) throws {
        switch store {
        case .folder(let path):
            self.path = path
            self.isTemporary = false
        case .temporary:
            let name = "florin-\(UUID().uuidString)"
            self.path = FileManager.default.temporaryDirectory.appending(path: name).path
            self.isTemporary = true
        case .database: return nil
        }
        do {
            try FileManager.default.createDirectory(
                atPath: self.path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            let reason = error.localizedDescription
            throw ConfigurationError("cannot make the folder \(self.path): \(reason)")
        }
    }

    /// Removes the folder, if it is one for this process alone.
    func close() {
        if self.isTemporary { try? FileManager.default.removeItem(atPath: self.path) }
    }
}
