package import GRPCTransport

extension Variables {
    /// Reads `KEEPALIVE_TIME` and `KEEPALIVE_TIMEOUT`: the checks of idle connections.
    ///
    /// Includes connections without calls, which Florin's servers permit.
    package func keepalive() throws(ConfigurationProblem) -> Keepalive {
        let isOff = self.text("KEEPALIVE_TIME") == "off"
        return Keepalive(
            interval: isOff ? nil : try self.time("KEEPALIVE_TIME", 10...7_200, 10, "or off"),
            timeout: try self.time("KEEPALIVE_TIMEOUT", 1...600, 5),
            withoutCalls: true
        )
    }

    /// Reads `CONNECTION_AGE` and `CONNECTION_AGE_GRACE`: the maximum age of servers' connections.
    package func connectionAge() throws(ConfigurationProblem) -> ConnectionAge? {
        let grace = try self.time("CONNECTION_AGE_GRACE", 0...86_400, 3_600)
        if self.text("CONNECTION_AGE") == "off" { return nil }
        let age = try self.time("CONNECTION_AGE", 1...86_400, 300, "or off")
        return ConnectionAge(maximum: age, grace: grace)
    }

    /// A whole number of seconds within `range`; `standard` if unset.
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
