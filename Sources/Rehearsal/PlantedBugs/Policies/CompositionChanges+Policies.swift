import Composition
import SimulatedDrills
import TransportCore

extension CompositionChanges {
    /// Changes the configuration that processes read.
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

    /// Changes the call policies of all processes.
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

    /// Changes the transport on which processes of `service` make calls.
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
