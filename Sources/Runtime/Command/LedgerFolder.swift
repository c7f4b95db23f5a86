import Composition
import TransportCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

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
            throw ConfigurationError("cannot make the folder \(path): \(error)")
        }
    }

    /// Whether there is nothing at `path`, or an empty folder.
    static func isFree(_ path: String) -> Bool {
        let found = try? FileManager.default.contentsOfDirectory(atPath: path)
        return found?.isEmpty ?? !FileManager.default.fileExists(atPath: path)
    }

    /// Removes the folder, if it is one for this process alone.
    func close() {
        if self.isTemporary { try? FileManager.default.removeItem(atPath: self.path) }
    }
}
