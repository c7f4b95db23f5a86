package import Composition
package import Domain

/// What a rehearsal puts in place of parts of the real composition; as it is, nothing.
///
/// Only bugs that are planted on purpose come in this way, to see whether the oracles find them.
package struct CompositionChanges: Sendable {
    /// The journal of a ledger that starts.
    package var journal: @Sendable (any Journal, Disk) -> any Journal = { journal, _ in journal }

    /// A service that starts, over the dependencies of its process.
    package var parts:
        @Sendable (ServiceParts, SystemConfiguration, ServiceDependencies) -> ServiceParts =
            { parts, _, _ in parts }

    /// What a process makes its own calls with.
    package var outgoing: @Sendable (ServiceName, ServiceDependencies) -> ServiceDependencies = {
        $1
    }

    /// What a process judges calls with.
    package var incoming: @Sendable (ServiceName, ServiceDependencies) -> ServiceDependencies = {
        $1
    }

    /// Whether bad tokens pass for good ones at the gateway, and the like: its configuration.
    package var configuration: @Sendable (ServiceName, SystemConfiguration) -> SystemConfiguration =
        { $1 }

    /// The gateway that answers users.
    package var gateway: @Sendable (Gateway, SystemConfiguration, ServiceDependencies) -> Gateway =
        { gateway, _, _ in gateway }

    /// How a gateway that starts gets the public keys of users.
    package var keys: @Sendable (@escaping KeyRefresh.Fetch) -> KeyRefresh.Fetch = { $0 }

    package init() {}
}
