/// A channel that can tell which addresses it calls, and how each is.
public protocol EndpointReporting: Sendable {
    /// The addresses, sorted, each as whoever has most against it sees it.
    func endpoints() async -> [(address: String, state: EndpointState)]
}

/// How an address of a service is, as its callers see it.
public enum EndpointState: String, Hashable, Sendable, CaseIterable {
    /// Calls go there.
    case ready
    /// There is no connection now.
    case away
    /// It says that it does not serve.
    case unhealthy
    /// Its calls failed too often: it is left out for a while.
    case ejected
}
