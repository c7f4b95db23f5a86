import ArgumentParser
import Composition
import Foundation
import Identity
import TransportCore

/// The real world, which only this executable knows: the environment, clocks, chance.
enum Environment {
    /// The process's variables.
    ///
    /// - Parameters:
    ///   - isTrial: Makes up a `JWT_SECRET_KEY` for this run when there is none, or an empty one,
    ///     keeps to loopback whatever `BIND_HOST` says, and forgets the books of the ledger when
    ///     nothing says where to keep them.
    ///   - data: Goes before `LEDGER_DATA`.
    /// - Returns: them, with files of this machine behind the `…_FILE` ones.
    static func process(isTrial: Bool = false, data: String? = nil) -> Variables {
        var values = ProcessInfo.processInfo.environment
        if let data { values["LEDGER_DATA"] = data }
        let stores = ["LEDGER_DATA", "DATABASE_URL", "DATABASE_URL_FILE"]
        if isTrial, stores.allSatisfy({ values[$0]?.isEmpty ?? true }) {
            values["LEDGER_DATA"] = "temporary"
        }
        let secrets = [values["JWT_SECRET_KEY"], values["JWT_SECRET_KEY_FILE"]]
        if isTrial { values["BIND_HOST"] = nil }
        if isTrial, secrets.allSatisfy({ $0?.isEmpty ?? true }) {
            values["JWT_SECRET_KEY"] = Base64URL.text(self.randomBytes(48))
        }
        return Variables(values) { path in
            FileManager.default.contents(atPath: path).map { [UInt8]($0) }
        }
    }

    /// Seconds since 1970.
    static let unixTime: @Sendable () -> UnixSeconds = { UnixSeconds(Date().timeIntervalSince1970) }

    /// Bytes that nobody can guess, from the system.
    static let randomBytes: @Sendable (Int) -> [UInt8] = { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}

/// Runs `body`; what is wrong with the configuration is said in one line, with exit code 78.
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

/// Says on standard error what went wrong.
func complain(_ message: String) {
    FileHandle.standardError.write(Data("runtime: \(message)\n".utf8))
}
