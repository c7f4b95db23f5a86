import Composition
import Foundation
import TransportCore

/// The folder of the ledger's books, for as long as a process runs.
struct LedgerFolder {
    let path: String
    private let isTemporary: Bool

    /// Makes the folder of a store; nil when its books are in none.
    ///
    /// - Throws: ``ConfigurationError`` when it cannot be made.
    init?(_ store: LedgerStore) throws {
        switch store {
        case .folder(let path): try self.init(making: path)
        case .temporary:
            let name = "florin-\(UUID().uuidString)"
            let path = FileManager.default.temporaryDirectory.appending(path: name).path
            try self.init(making: path, isTemporary: true)
        case .database: return nil
        }
    }

    /// Makes the folder if it is not there.
    ///
    /// - Throws: ``ConfigurationError`` when it cannot be made.
    init(making path: String, isTemporary: Bool = false) throws {
        self.path = path
        self.isTemporary = isTemporary
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            let reason = error.localizedDescription
            throw ConfigurationError("cannot make the folder \(path): \(reason)")
        }
    }

    /// Removes the folder, if it is one for this process alone.
    func close() {
        if self.isTemporary { try? FileManager.default.removeItem(atPath: self.path) }
    }
}
