/// Facts of a run that oracles need and that no event carries.
package struct CheckerContext: Hashable, Sendable {
    /// Subjects whose tokens hold `payment:admin`.
    package var admins: [String]

    /// The effect of each fault on clocks, by fault id.
    ///
    /// A fault without an entry may have any effect.
    package var clockEffects: [String: ClockEffect]

    /// The services, processes or clients that each fault targets, by fault id.
    ///
    /// A fault without an entry may have any target.
    package var faultTargets: [String: [String]]

    /// The longest time that a caller waits for an answer, in nanoseconds; nil when unknown.
    package var patience: Int64?

    /// True when the run has no faults but restarts and rotations, which must disturb no client.
    package var isGentle: Bool

    /// The client that reads every payment again at the end of the run.
    package var finalCheck: String

    /// True when the history has the messages on links, at least the unusual ones.
    ///
    /// Without them an oracle must allow for copies and retries of any request.
    package var seesLinks: Bool

    package init(
        admins: [String] = ["admin", "auditor"],
        clockEffects: [String: ClockEffect] = [:],
        faultTargets: [String: [String]] = [:],
        patience: Int64? = nil,
        isGentle: Bool = false,
        finalCheck: String = "auditor",
        seesLinks: Bool = false
    ) {
        self.admins = admins
        self.clockEffects = clockEffects
        self.faultTargets = faultTargets
        self.patience = patience
        self.isGentle = isGentle
        self.finalCheck = finalCheck
        self.seesLinks = seesLinks
    }

    /// True when the fault `id` may disturb the clock by which a service checks tokens.
    func spoilsClock(_ id: String, of service: String) -> Bool {
        guard let effect = self.clockEffects[id] else { return true }
        guard effect != .none else { return false }
        guard let targets = self.faultTargets[id] else { return true }
        return targets.contains { $0 == service || $0.hasPrefix(service + "-") }
    }

    /// True when `subject` may see a payment of `owner`.
    func maySee(_ subject: String, paymentOf owner: String) -> Bool {
        subject == owner || self.admins.contains(subject)
    }
}

/// The effect of a fault on the clock of a process.
package enum ClockEffect: Hashable, Sendable {
    case none
    case jump
    /// The clock runs at a wrong rate; its error stays until everything is healed.
    case drift
}
