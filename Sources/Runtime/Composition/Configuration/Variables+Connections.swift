package import GRPCTransport

extension Variables {
    /// `KEEPALIVE_TIME` and `KEEPALIVE_TIMEOUT`: when a silent connection is asked for a sign of life.
    ///
    /// Connections without calls are asked, too: Florin's servers take that.
    package func keepalive() throws(ConfigurationProblem) -> Keepalive {
        let isOff = self.text("KEEPALIVE_TIME") == "off"
        return Keepalive(
            interval: isOff ? nil : try self.time("KEEPALIVE_TIME", 10...7_200, 10, "or off"),
            timeout: try self.time("KEEPALIVE_TIMEOUT", 1...600, 5),
            withoutCalls: true
        )
    }

    /// `CONNECTION_AGE` and `CONNECTION_AGE_GRACE`: when a server ends its connections of old age.
    package func connectionAge() throws(ConfigurationProblem) -> ConnectionAge? {
        let grace = try self.time("CONNECTION_AGE_GRACE", 0...86_400, 3_600)
        if self.text("CONNECTION_AGE") == "off" { return nil }
        let age = try self.time("CONNECTION_AGE", 1...86_400, 300, "or off")
        return ConnectionAge(maximum: age, grace: grace)
    }

    /// A whole number of seconds within `range`, `standard` when it is not set.
    private func time(
        _ name: String,
        _ range: ClosedRange<Int>,
        _ standard: Int,
        _ alternative: String = ""
    ) throws(ConfigurationProblem) -> Duration {
        guard let text = self.text(name) else { return .seconds(standard) }
        guard let seconds = Int(text), range.contains(seconds) else {
            let bounds = "\(range.lowerBound) and \(range.upperBound)"
            let what = "'\(text.prefix(16))' is not a number of seconds between \(bounds)"
            let fault = alternative.isEmpty ? what : "\(what), \(alternative)"
            throw ConfigurationProblem(name, fault, example: "\(standard)")
        }
        return .seconds(seconds)
    }
}
