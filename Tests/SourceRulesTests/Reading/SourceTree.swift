import Foundation

/// The hand-written files of the repository, without generated, built or fetched ones.
struct SourceTree {
    let files: [SourceFile]

    static let repository = SourceTree(root: root(above: #filePath))

    init(root: URL) {
        var files: [SourceFile] = []
        Self.visit(root, "") { path, url in
            guard let data = try? Data(contentsOf: url), !data.contains(0) else { return }
            files.append(SourceFile(path: path, text: String(decoding: data, as: UTF8.self)))
        }
        self.files = files
    }

    /// The nearest folder above `path` that contains the package; resolves symbolic links.
    static func root(above path: String) -> URL {
        var folder = URL(filePath: path).resolvingSymlinksInPath()
        repeat {
            folder.deleteLastPathComponent()
            let marks = ["Package.swift", "Sources/Domain"].map { folder.appending(path: $0).path }
            if marks.allSatisfy(FileManager.default.fileExists) { return folder }
        } while folder.path != "/"
        preconditionFailure("No folder above \(path) holds Package.swift and Sources/Domain.")
    }

    private static func visit(_ folder: URL, _ path: String, _ body: (String, URL) -> Void) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names.sorted() where !Self.isLeftOut(name) {
            let (url, path) = (
                folder.appending(path: name), path.isEmpty ? name : "\(path)/\(name)"
            )
            let isFolder =
                (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory ?? false
            if isFolder { Self.visit(url, path, body) } else { body(path, url) }
        }
    }

    private static func isLeftOut(_ name: String) -> Bool {
        if name == ".ci" { return false }
        return name.hasPrefix(".") || name.hasSuffix(".pb.swift")
            || name.hasSuffix("Descriptors.swift")
            || ["Package.resolved", "__pycache__", "node_modules"].contains(name)
    }
}
