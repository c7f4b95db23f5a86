package import GRPCTransport

/// An error in the configuration: names the variable, the error, and a valid example.
package struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ variable: String, _ fault: String, example: String) {
        self.description = "\(variable): \(fault) (example: \(variable)=\(example))"
    }
}

/// The process's environment; every error names its variable.
package struct Variables: Sendable {
    private let values: [String: String]
    private let readFile: @Sendable (String) -> [UInt8]?

    /// Makes variables from `values`.
    ///
    /// `readFile` returns the content of the file that a `…_FILE` variable names, or nil if it
    /// cannot be read.
    package init(_ values: [String: String], readFile: @escaping @Sendable (String) -> [UInt8]?) {
        self.values = values
        self.readFile = readFile
    }

    /// The value of `name`; nil if unset or empty.
    package func text(_ name: String) -> String? {
        self.values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The value of `name`, or the content of the file that `name_FILE` names, without trailing
    /// line breaks.
    ///
    /// `example` shows a valid value in errors.
    package func secret(
        _ name: String,
        example: String
    ) throws(ConfigurationProblem) -> String? {
        guard let path = self.text("\(name)_FILE") else { return self.text(name) }
        guard self.text(name) == nil else {
            let fault = "is set together with \(name)_FILE; choose one"
            throw ConfigurationProblem(name, fault, example: example)
        }
        var bytes = try self.file(path, of: "\(name)_FILE", example: "/run/secrets/name")
        while bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let fault = "the file '\(path)' is not UTF-8 text"
            throw ConfigurationProblem("\(name)_FILE", fault, example: "/run/secrets/name")
        }
        return text
    }

    /// The content of the file at `path`, which `variable` names.
    package func file(
        _ path: String,
        of variable: String,
        example: String
    ) throws(ConfigurationProblem) -> [UInt8] {
        guard let bytes = self.readFile(path) else {
            let fault = "the file '\(path)' cannot be read"
            throw ConfigurationProblem(variable, fault, example: example)
        }
        return bytes
    }

    /// The port in `name`, or `standard`; 0 lets the system choose.
    package func port(_ name: String, _ standard: Int) throws(ConfigurationProblem) -> Int {
        guard let text = self.text(name) else { return standard }
        guard let port = Int(text), (0...65_535).contains(port) else {
            let fault = "'\(text.prefix(16))' is not a port between 0 and 65535"
            throw ConfigurationProblem(name, fault, example: "\(standard)")
        }
        return port
    }

    /// The host in `name`, or `standard`: a DNS name or a literal address, without a port.
    package func host(_ name: String, _ standard: String) throws(ConfigurationProblem) -> String {
        guard let text = self.text(name) else { return standard }
        guard text.utf8.count <= 253, Self.isName(text) || Self.isIPv6(text) else {
            let fault = "'\(text.prefix(64))' is not a host name or an address"
            throw ConfigurationProblem(name, fault, example: standard)
        }
        return text
    }

    /// The `on` or `off` in `name`, or `standard`.
    package func flag(_ name: String, _ standard: Bool) throws(ConfigurationProblem) -> Bool {
        switch self.text(name) {
        case nil: return standard
        case "on": return true
        case "off": return false
        case let text?:
            throw ConfigurationProblem(
                name,
                "'\(text.prefix(16))' is not on or off",
                example: "off"
            )
        }
    }

    private static func isName(_ text: String) -> Bool {
        text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
    }

    /// True for the shape of an IPv6 address (RFC 4291 § 2.2), with or without a zone.
    private static func isIPv6(_ text: String) -> Bool {
        let address = text.prefix { $0 != "%" }
        let zone = text.dropFirst(address.count + 1)
        return address.count { $0 == ":" } >= 2 && Self.isName(String(zone))
            && address.allSatisfy { $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") }
    }
}

extension Variables {
    /// Reads `COMPRESSION`: the compression of messages between services.
    ///
    /// - Throws: ``ConfigurationProblem`` unless it is `on`, `off` or `everywhere`.
    package func compression() throws(ConfigurationProblem) -> Compression? {
        switch self.text("COMPRESSION") {
        case nil, "on": return Compression()
        case "off": return nil
        case "everywhere":
            var compression = Compression()
            compression.onLoopback = true
            return compression
        case let text?:
            throw ConfigurationProblem(
                "COMPRESSION",
                "'\(text.prefix(16))' is not on, off or everywhere",
                example: "off"
            )
        }
    }
}
