/// Decides on everything sent between the hosts of a network.
///
/// Both functions are called in the task that sends or delivers, without any lock; they must
/// neither wait nor block. Randomness comes from the model's own streams.
public protocol LinkModel: Sendable {
    /// Decides on `linkMessage`; called once, when it is sent.
    func verdict(on linkMessage: LinkMessage) -> Verdict

    /// Receives all events, in order, for reports and checkers.
    func happened(_ event: LinkMessageEvent)
}

extension LinkModel {
    /// Does nothing.
    public func happened(_ event: LinkMessageEvent) {}
}

/// Links that deliver everything at once.
struct PerfectLinks: LinkModel {
    private static let delivered = Verdict.delivered()

    func verdict(on linkMessage: LinkMessage) -> Verdict { Self.delivered }
}
