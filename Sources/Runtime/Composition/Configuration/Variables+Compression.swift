package import GRPCTransport

extension Variables {
    /// `COMPRESSION`: where messages between services are compressed.
    ///
    /// - Throws: ``ConfigurationProblem`` for a word that is none of the three.
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
