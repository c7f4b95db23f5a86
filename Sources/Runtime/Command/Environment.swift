import ArgumentParser
import Composition
import Identity
import TransportCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The real world, which only this executable knows: the environment, clocks, chance.
enum Environment {
    /// The process's variables.
    ///
    /// - Parameters:
    ///   - isTrial: Makes up a `JWT_SECRET_KEY` for this run when there is none, or an empty one,
    ///     keeps to loopback whatever `BIND_HOST` says, and forgets the books of the ledger when
    ///     nothing says where to keep them.
    ///   - data: Goes before `LEDGER_DATA`.
    ///   - databaseURL: Goes before `DATABASE_URL`.
    /// - Returns: them, with files of this machine behind the `…_FILE` ones.
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

    /// The content of the file at `path`; nil when it cannot be read.
    static let file: @Sendable (_ path: String) -> [UInt8]? = { path in
        FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }

    /// What the image was built from, if its builder said so.
    static var revision: String? { ProcessInfo.processInfo.environment["FLORIN_REVISION"] }

    /// Seconds since 1970.
    static let unixTime: @Sendable () -> UnixSeconds = { UnixSeconds(Date().timeIntervalSince1970) }

    /// Seconds since 1970, and their fraction.
    static let exactTime: @Sendable () -> Double = { Date().timeIntervalSince1970 }

    /// Bytes that nobody can guess, from the system: it is asked once for eight of them.
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
