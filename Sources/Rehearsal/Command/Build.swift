import Composition
import DrillEngine
import Foundation
import Identity

/// The kind of build; a seed runs differently in debug and release builds.
enum Build {
    static let version = Release.version

    #if DEBUG
    static let mode = "debug"
    #else
    static let mode = "release"
    #endif

    /// The digest of the executable, which identifies the build.
    static let identity: String = {
        let executable = Environment.executable
        guard let bytes = FileManager.default.contents(atPath: executable) else {
            return "\(version) \(mode)"
        }
        let digest = SHA256Digest.digest([UInt8](bytes)).prefix(6)
        let digits = digest.map { String(format: "%02x", $0) }.joined()
        return "\(version) \(mode), executable \(digits)"
    }()
}
