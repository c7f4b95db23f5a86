/// A channel that can report its addresses and their states.
public protocol EndpointReporting: Sendable {
    /// The addresses, sorted, with their states.
    ///
    /// Where connections to one address differ, a failing state wins over ``EndpointState/ready``,
    /// which wins over ``EndpointState/away``.
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
