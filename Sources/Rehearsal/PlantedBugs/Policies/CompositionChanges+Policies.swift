import Composition
import SimulatedDrills
import TransportCore

extension CompositionChanges {
    /// Processes that read their configuration otherwise.
    static func configuration(
        _ change: @escaping @Sendable (inout SystemConfiguration) -> Void
    ) -> CompositionChanges {
        var changes = CompositionChanges()
        changes.configuration = { _, configuration in
            var configuration = configuration
            change(&configuration)
            return configuration
        }
        return changes
    }

    /// Processes that call every service by other rules.
    static func calls(
        _ change: @escaping @Sendable (inout ServiceConfig) -> Void
    ) -> CompositionChanges {
        .configuration { configuration in
            for service in ServiceName.allCases {
                var config = configuration.serviceConfig(service)
                change(&config)
                configuration.serviceConfigs[service] = config
            }
        }
    }

    /// A process of `service` that makes its calls over another transport.
    static func transport(
        of service: ServiceName,
        _ change: @escaping @Sendable (any Transport) -> any Transport
    ) -> CompositionChanges {
        .outgoing { name, dependencies in
            guard name == service else { return dependencies }
            return dependencies.with(transport: change(dependencies.transport))
        }
    }
}
