import TransportCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Books that are being copied: in a folder of their own, within the one that gets them.
struct UnfinishedCopy: Sendable {
    private static let database = "ledger.db"

    let path: String
    private let folder: String
    /// True when the folder was made for the copy.
    private let isNew: Bool

    /// Makes the folder, if it is not there, and the one within.
    init(in folder: String) throws {
        self.folder = folder
        self.isNew = !FileManager.default.fileExists(atPath: folder)
        self.path = "\(folder)/unfinished"
        _ = try LedgerFolder(making: self.path)
    }

    /// Moves the files up, the database last: without it there are no books.
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

    /// Leaves the folder as it was.
    func remove() {
        try? FileManager.default.removeItem(atPath: self.isNew ? self.folder : self.path)
    }
}
