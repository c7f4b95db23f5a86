import Synchronization
import TransportCore

/// The shared state of one network's hosts, and the path of all messages.
final class Fabric: Sendable {
    let limits: TransportLimits
    let links: any LinkModel
    let names: any NameService
    let registry: EndpointRegistry
    let scheduler: DeliveryScheduler
    private let calls = Atomic<UInt64>(0)

    init(
        timeline: Timeline,
        limits: TransportLimits,
        links: any LinkModel,
        names: any NameService,
        registry: EndpointRegistry
    ) {
        self.limits = limits
        self.links = links
        self.names = names
        self.registry = registry
        self.scheduler = DeliveryScheduler(timeline)
    }

    /// Returns a call number that is unique in this network.
    func nextCall() -> UInt64 { self.calls.add(1, ordering: .relaxed).newValue }

    /// Decides on `linkMessage`, which is sent now.
    func verdict(on linkMessage: LinkMessage) -> Verdict {
        let verdict = self.links.verdict(on: linkMessage)
        self.happened(.sent, linkMessage)
        if verdict.deliveries.isEmpty, verdict.end == nil { self.happened(.lost, linkMessage) }
        return verdict
    }

    /// Delivers each copy of `verdict`.
    ///
    /// - Parameters:
    ///   - verdict: The decision on `linkMessage`.
    ///   - linkMessage: The message sent.
    ///   - arrive: Called for each copy; returns the event to report.
    func deliver(
        _ verdict: Verdict,
        on linkMessage: LinkMessage,
        _ arrive: @escaping @Sendable (Verdict.Mangling?) -> LinkMessageEvent.Kind
    ) {
        for delivery in verdict.deliveries {
            let isOff = self.scheduler.after(delivery.after) {
                let kind = arrive(delivery.mangling)
                self.happened(kind, linkMessage, isMangled: delivery.mangling != nil)
            }
            if !isOff { self.happened(.lost, linkMessage) }
        }
    }

    func happened(
        _ kind: LinkMessageEvent.Kind,
        _ linkMessage: LinkMessage,
        isMangled: Bool = false
    ) {
        self.links.happened(
            LinkMessageEvent(kind: kind, linkMessage: linkMessage, isMangled: isMangled)
        )
    }
}
