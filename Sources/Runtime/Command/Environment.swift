import ArgumentParser
import Composition
import Identity
import TransportCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Access to the environment, files, wall clock and random numbers of the machine.
///
/// Only this executable uses them; modules below take them as parameters.
enum Environment {
    /// The process's environment variables.
    ///
    /// - Parameters:
    ///   - isTrial: Generates a `JWT_SECRET_KEY` if none is set, ignores `BIND_HOST`, and uses a
    ///     temporary store if none is set.
    ///   - data: Overrides `LEDGER_DATA`.
    ///   - databaseURL: Overrides `DATABASE_URL`.
    /// - Returns: The variables, with access to the files that `…_FILE` variables name.
    static func process(
        isTrial: Bool = false,
        data: String? = nil,
        databaseURL: String? = nil
    ) -> Variables {
        var values = ProcessInfo.processInfo.environment
        if let data { values["LEDGER_DATA"] = data }
        if let databaseURL { values["DATABASE_URL"] = databaseURL }
        let stores = ["LEDGER_DATA", "DATABASE_URL", "DATABASE_URL_FILE"]
        if isTrial, stores.allSatisfy({ values[$0]?.isEmpty ?? true }) {
            values["LEDGER_DATA"] = "temporary"
        }
        let secrets = [values["JWT_SECRET_KEY"], values["JWT_SECRET_KEY_FILE"]]
        if isTrial { values["BIND_HOST"] = nil }
        if isTrial, secrets.allSatisfy({ $0?.isEmpty ?? true }) {
            values["JWT_SECRET_KEY"] = Base64URL.text(self.randomBytes(48))
        }
        return Variables(values, readFile: self.file)
    }

    /// The content of the file at `path`; nil if it cannot be read.
    static let file: @Sendable (_ path: String) -> [UInt8]? = { path in
        FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }

    /// The revision of the source, if the image's builder set `FLORIN_REVISION`.
    static var revision: String? { ProcessInfo.processInfo.environment["FLORIN_REVISION"] }

    /// Seconds since 1970.
    static let unixTime: @Sendable () -> UnixSeconds = { UnixSeconds(Date().timeIntervalSince1970) }

    /// Seconds since 1970, with fractions.
    static let exactTime: @Sendable () -> Double = { Date().timeIntervalSince1970 }

    /// Cryptographically random bytes from the system, eight at a time.
    static let randomBytes: @Sendable (Int) -> [UInt8] = { count in
        var generator = SystemRandomNumberGenerator()
        let words = (0..<(count + 7) / 8).map { _ in generator.next() }
        return Array(
            words.flatMap { word in
                stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: word >> $0) }
            }.prefix(count)
        )
    }
}

/// Runs `body`; reports a configuration error in one line and exits with code 78.
func reportingFaults(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let fault as ConfigurationProblem {
        complain(fault.description)
        throw ExitCode(78)
    } catch let fault as ConfigurationError {
        complain(fault.description)
        throw ExitCode(78)
    }
}
