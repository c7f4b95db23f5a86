package import GRPCTransport
package import Identity
import TransportCore

/// The certificates of a process that serves gRPC over mutual TLS.
package enum Certificates {
    private static let names = ["TLS_CERTIFICATE_FILE", "TLS_KEY_FILE", "TLS_AUTHORITIES_FILE"]

    /// Reads the files that the three variables name; nil (plaintext) if none is set.
    ///
    /// - Throws: If one is missing, unreadable or invalid. A certificate that has expired by
    ///   `unixTime` counts as invalid, because no peer would accept it.
    package static func read(
        _ variables: Variables,
        unixTime: @escaping @Sendable () -> UnixSeconds
    ) throws(ConfigurationProblem) -> MutualTLS? {
        let set = self.names.filter { variables.text($0) != nil }
        if set.isEmpty { return nil }
        let (certificates, key) = (try self.file(0, variables), try self.file(1, variables))
        let authorities = try self.file(2, variables)
        do throws(ConfigurationError) {
            return try MutualTLS(
                certificates: certificates,
                key: key,
                authorities: authorities,
                unixTime: unixTime
            )
        } catch {
            throw ConfigurationProblem(self.names[0], "\(error)", example: self.example(0))
        }
    }

    private static func file(
        _ index: Int,
        _ variables: Variables
    ) throws(ConfigurationProblem) -> [UInt8] {
        let name = self.names[index]
        guard let path = variables.text(name) else {
            let fault = "is not set, and others of TLS are; set all three, or none"
            throw ConfigurationProblem(name, fault, example: self.example(index))
        }
        return try variables.file(path, of: name, example: self.example(index))
    }

    private static func example(_ index: Int) -> String {
        "/run/certificates/\(["certificate", "key", "authorities"][index]).pem"
    }
}
