package import GRPCTransport

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
