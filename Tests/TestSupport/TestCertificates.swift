public import Foundation

/// Certificates from `scripts/certificates`, made once for each process and authority.
public enum TestCertificates: Sendable {
    /// The authority that all parties trust.
    case ours
    /// An authority that no party trusts.
    case strangers

    private static let ourFolder = Result { try Self.make() }
    private static let strangersFolder = Result { try Self.make() }

    /// The wall clock; BoringSSL reads it as well.
    public static let now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

    /// The bytes of a file such as `authorities.pem` or `ledger/key.pem`.
    public func bytes(_ file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: self.folder.appending(path: file)))
    }

    /// The folder of the files, for other processes.
    public var folder: URL {
        get throws {
            switch self {
            case .ours: try Self.ourFolder.get()
            case .strangers: try Self.strangersFolder.get()
            }
        }
    }

    /// A certificate of this authority for `localhost`, with an RSA key of `bits`.
    public func rsa(bits: Int) throws -> (certificate: [UInt8], key: [UInt8]) {
        let name = "rsa-\(bits)-\(UUID().uuidString)"
        let script = """
            set -e; cd "$1"; mkdir "$2"
            openssl req -new -newkey rsa:$3 -nodes -keyout $2/key.pem -subj /CN=localhost -out $2/request.pem
            printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\n' > $2/names
            openssl x509 -req -in $2/request.pem -CA authorities.pem -CAkey authority.key.pem \\
              -set_serial 77 -sha256 -days 1 -extfile $2/names -out $2/certificate.pem
            """
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, "sh", try self.folder.path, name, "\(bits)"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw NoCertificates() }
        return (
            try self.bytes("\(name)/certificate.pem"), try self.bytes("\(name)/key.pem")
        )
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
