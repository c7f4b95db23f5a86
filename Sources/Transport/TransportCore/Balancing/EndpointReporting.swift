/// A channel that can report its addresses and their states.
public protocol EndpointReporting: Sendable {
    /// The addresses, sorted, each in the worst state that any user of the channel sees.
    func endpoints() async -> [(address: String, state: EndpointState)]
}

/// The state of a service's address, as its callers see it.
public enum EndpointState: String, Hashable, Sendable, CaseIterable {
    /// Connected and in use.
    case ready
    /// Not connected.
    case away
    /// Reports through its health service that it does not serve.
    case unhealthy
    /// Left out for a while because its calls failed too often.
    case ejected
}
