import Synchronization
import TransportCore

/// The shared state of one network's hosts, and the path of all crossings.
final class Fabric: Sendable {
    let limits: TransportLimits
    let links: any LinkModel
    let names: any NameService
    let directory: Directory
    let courier: Courier
    private let calls = Atomic<UInt64>(0)

    init(
        timeline: Timeline,
        limits: TransportLimits,
        links: any LinkModel,
        names: any NameService,
        directory: Directory
    ) {
        self.limits = limits
        self.links = links
        self.names = names
        self.directory = directory
        self.courier = Courier(timeline)
    }

    /// Returns a call number that is unique in this network.
    func nextCall() -> UInt64 { self.calls.add(1, ordering: .relaxed).newValue }

    /// Decides on `crossing`, which is sent now.
    func verdict(on crossing: Crossing) -> Verdict {
        let verdict = self.links.verdict(on: crossing)
        self.happened(.sent, crossing)
        if verdict.deliveries.isEmpty, verdict.end == nil { self.happened(.lost, crossing) }
        return verdict
    }

    /// Delivers each copy of `verdict`.
    ///
    /// - Parameters:
    ///   - verdict: The decision on `crossing`.
    ///   - crossing: The message sent.
    ///   - arrive: Called for each copy; returns the event to report.
    func deliver(
        _ verdict: Verdict,
        on crossing: Crossing,
        _ arrive: @escaping @Sendable (Verdict.Mangling?) -> CrossingEvent.Kind
    ) {
        for delivery in verdict.deliveries {
            let isOff = self.courier.after(delivery.after) {
                let kind = arrive(delivery.mangling)
                self.happened(kind, crossing, isMangled: delivery.mangling != nil)
            }
            if !isOff { self.happened(.lost, crossing) }
        }
    }

    func happened(
        _ kind: CrossingEvent.Kind,
        _ crossing: Crossing,
        isMangled: Bool = false
    ) {
        self.links.happened(
            CrossingEvent(kind: kind, crossing: crossing, isMangled: isMangled)
        )
    }
}
