package import Composition
package import Domain

/// The replacements for parts of the real composition; none by default.
///
/// Only bugs that are planted on purpose come in this way, to see whether the oracles find them.
package struct CompositionChanges: Sendable {
    /// The journal of a ledger that starts.
    package var journal: @Sendable (any Journal, Disk) -> any Journal = { journal, _ in journal }

    /// A service that starts, over the dependencies of its process.
    package var parts:
        @Sendable (ServiceParts, SystemConfiguration, ServiceDependencies) -> ServiceParts =
            { parts, _, _ in parts }

    /// The dependencies with which a process makes its own calls.
    package var outgoing: @Sendable (ServiceName, ServiceDependencies) -> ServiceDependencies = {
        $1
    }

    /// The dependencies with which a process judges calls.
    package var incoming: @Sendable (ServiceName, ServiceDependencies) -> ServiceDependencies = {
        $1
    }

    /// The configuration of a process: with it, bad tokens can pass for good ones, and the like.
    package var configuration: @Sendable (ServiceName, SystemConfiguration) -> SystemConfiguration =
        { $1 }

    /// The gateway that answers users.
    package var gateway: @Sendable (Gateway, SystemConfiguration, ServiceDependencies) -> Gateway =
        { gateway, _, _ in gateway }

    /// The way in which a starting gateway gets the public keys of users.
    package var keys: @Sendable (@escaping KeyRefresh.Fetch) -> KeyRefresh.Fetch = { $0 }

    package init() {}
}
