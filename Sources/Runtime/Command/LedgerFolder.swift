import Composition
import TransportCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder of the ledger's SQLite files, for the lifetime of a process.
struct LedgerFolder {
    let path: String
    private let isTemporary: Bool

    /// Creates the folder of a store; nil for a database.
    ///
    /// - Throws: ``ConfigurationError`` if it cannot be created.
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

    /// Creates the folder if missing.
    ///
    /// - Throws: ``ConfigurationError`` if it cannot be created.
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
            throw ConfigurationError("cannot make the folder \(path): \(error)")
        }
    }

    /// True if `path` does not exist or is an empty folder.
    static func isFree(_ path: String) -> Bool {
        let found = try? FileManager.default.contentsOfDirectory(atPath: path)
        return found?.isEmpty ?? !FileManager.default.fileExists(atPath: path)
    }

    /// Removes a temporary folder.
    func close() {
        if self.isTemporary { try? FileManager.default.removeItem(atPath: self.path) }
    }
}
