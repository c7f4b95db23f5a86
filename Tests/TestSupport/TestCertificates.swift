public import Foundation

/// What `scripts/certificates` makes, once for each process and authority.
public enum TestCertificates: Sendable {
    /// The authority of everybody in the test.
    case ours
    /// One that nobody in the test trusts.
    case strangers

    private static let ourFolder = Result { try Self.make() }
    private static let strangersFolder = Result { try Self.make() }

    /// The bytes of a file such as `authorities.pem` or `ledger/key.pem`.
    public func bytes(_ file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: self.folder.appending(path: file)))
    }

    /// Where the files are, for processes.
    public var folder: URL {
        get throws {
            switch self {
            case .ours: try Self.ourFolder.get()
            case .strangers: try Self.strangersFolder.get()
            }
        }
    }

    private static func make() throws -> URL {
        let name = "florin-certificates-\(UUID().uuidString)"
        let folder = FileManager.default.temporaryDirectory.appending(path: name)
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../scripts/certificates").standardizedFileURL
        let process = try Process.run(script, arguments: [folder.path, "1"])
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw NoCertificates() }
        return folder
    }
}

private struct NoCertificates: Error {}
