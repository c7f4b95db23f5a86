import Composition
import Listening
import Logging
import Telemetry

/// The connection limits and metrics of a process's listeners.
struct ListenerSet {
    /// The listeners of one kind; the limit applies to each.
    struct Kind {
        let name: String
        let connectionsMax: Int
        let watch: ListenerWatch

        fileprivate init(_ name: String, _ connectionsMax: Int, _ logger: Logger) {
            self.name = name
            self.connectionsMax = connectionsMax
            self.watch = ListenerWatch { notice in
                logger.log(level: notice.level, "\(notice.text(name))")
            }
        }
    }

    let gateway: Kind
    let service: Kind
    let health: Kind
    let admin: Kind
    private let descriptorsMax: Int

    init(_ shares: ConnectionShares, descriptorsMax: Int, _ logger: Logger) {
        self.gateway = Kind("gateway", shares.gateway, logger)
        self.service = Kind("grpc", shares.service, logger)
        self.health = Kind("health", shares.probe, logger)
        self.admin = Kind("admin", shares.probe, logger)
        self.descriptorsMax = descriptorsMax
    }

    /// Adds the kinds that have listeners to the metrics.
    func show(in registry: MetricRegistry) {
        registry.gauge(MetricCatalogue.processFilesMax).set(Double(self.descriptorsMax))
        let kinds = [self.gateway, self.service, self.health, self.admin]
        registry.beforeShowing { registry in
            for kind in kinds where kind.watch.connectionsMax > 0 { kind.show(in: registry) }
        }
    }
}

extension ListenerSet.Kind {
    fileprivate func show(in registry: MetricRegistry) {
        let (name, watch) = (self.name, self.watch)
        registry.gauge(MetricCatalogue.connections, name).set(Double(watch.open))
        registry.gauge(MetricCatalogue.connectionsMax, name).set(Double(watch.connectionsMax))
        registry.counter(MetricCatalogue.connectionsEvicted, name).set(Double(watch.evicted))
        registry.counter(MetricCatalogue.acceptFailures, name).set(Double(watch.acceptFailures))
    }
}

extension ListenerNotice {
    fileprivate var level: Logger.Level {
        switch self {
        case .full, .acceptFailed: .warning
        case .roomAgain, .acceptsAgain: .notice
        }
    }

    fileprivate func text(_ listener: String) -> String {
        switch self {
        case .full(let connectionsMax):
            """
            \(listener): \(connectionsMax) connections are open, as many as may be; for each that \
            comes, the one that has been idle longest is closed, or it waits
            """
        case .roomAgain(let evicted):
            "\(listener): there is room again; \(evicted) connections were closed for others"
        case .acceptFailed(let reason):
            "\(listener): the system takes no connection: \(reason); trying again"
        case .acceptsAgain(let failures):
            "\(listener): connections are taken again, after \(failures) failures"
        }
    }
}
