import Foundation

/// The folder of a live run's books: its ledger may die and come back.
struct LiveBooks {
    let folder: String

    init() throws {
        let name = "florin-drill-\(UUID().uuidString)"
        let url = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        self.folder = url.path
    }

    /// Forgets everything.
    func close() {
        try? FileManager.default.removeItem(atPath: self.folder)
    }
}
