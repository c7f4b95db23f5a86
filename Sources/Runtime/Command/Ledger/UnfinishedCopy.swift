import TransportCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A copy in progress, in a subfolder of its destination.
struct UnfinishedCopy: Sendable {
    private static let database = "ledger.db"

    let path: String
    private let folder: String
    /// True if the destination was created for the copy.
    private let isNew: Bool

    /// Creates the destination if missing, and the subfolder.
    init(in folder: String) throws {
        self.folder = folder
        self.isNew = !FileManager.default.fileExists(atPath: folder)
        self.path = "\(folder)/unfinished"
        _ = try LedgerFolder(making: self.path)
    }

    /// Moves the files up, the database last: without it the folder holds no journal.
    func finish() throws {
        do {
            let names = try FileManager.default.contentsOfDirectory(atPath: self.path)
            let others = names.filter { $0 != Self.database }.sorted()
            for name in others + [Self.database] {
                try FileManager.default.moveItem(
                    atPath: "\(self.path)/\(name)",
                    toPath: "\(self.folder)/\(name)"
                )
            }
            try FileManager.default.removeItem(atPath: self.path)
        } catch {
            throw ConfigurationError("cannot move the copy to \(self.folder): \(error)")
        }
    }

    /// Restores the destination's previous state.
    func remove() {
        try? FileManager.default.removeItem(atPath: self.isNew ? self.folder : self.path)
    }
}
