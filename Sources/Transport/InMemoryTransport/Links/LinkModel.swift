/// Decides what becomes of everything that crosses a network.
///
/// Both functions are called in the task that sends or delivers, outside of every lock; they neither
/// wait nor block. Whatever chance they need comes from streams of their own.
public protocol LinkModel: Sendable {
    /// What is to become of `crossing`; asked once, when it is sent.
    func verdict(on crossing: Crossing) -> Verdict

    /// Told of everything that happens, in order; for pictures and oracles.
    func happened(_ event: CrossingEvent)
}

extension LinkModel {
    /// Does nothing.
    public func happened(_ event: CrossingEvent) {}
}

/// Links on which everything arrives at once.
struct PerfectLinks: LinkModel {
    private static let delivered = Verdict.delivered()

    func verdict(on crossing: Crossing) -> Verdict { Self.delivered }
}
