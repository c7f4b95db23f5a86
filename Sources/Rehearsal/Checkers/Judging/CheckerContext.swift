/// The facts of a run that oracles need and no event tells.
package struct CheckerContext: Hashable, Sendable {
    /// Subjects whose tokens hold `payment:admin`.
    package var admins: [String]

    /// The effect of each fault on clocks, by its id; one that is missing may have any.
    package var clockEffects: [String: ClockEffect]

    /// The targets of each fault, by its id: services, processes or clients.
    ///
    /// One that is missing may strike anybody.
    package var faultTargets: [String: [String]]

    /// The longest that anybody waits for one answer, in nanoseconds; nil: not known.
    package var patience: Int64?

    /// True when nothing is done to the system but restarts and rotations, which nobody may notice.
    package var isGentle: Bool

    /// The client whose reads at the end of the run tell what lasted.
    package var finalCheck: String

    /// True when oracles are shown what happens on links, at least all that is unusual there.
    ///
    /// Without it any request may have been copied or asked for again on the way, and oracles judge
    /// more mildly.
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

    /// True when the fault `id` may spoil the clock of a service, by which it judges tokens.
    func spoilsClock(_ id: String, of service: String) -> Bool {
        guard let effect = self.clockEffects[id] else { return true }
        guard effect != .none else { return false }
        guard let targets = self.faultTargets[id] else { return true }
        return targets.contains { $0 == service || $0.hasPrefix(service + "-") }
    }

    /// True when `subject` may know of a payment of `owner`.
    func maySee(_ subject: String, paymentOf owner: String) -> Bool {
        subject == owner || self.admins.contains(subject)
    }
}

/// The effect of a fault on the clock of a process.
package enum ClockEffect: Hashable, Sendable {
    case none
    case jump
    /// The gain or loss of the clock stays until everything is healed.
    case drift
}
