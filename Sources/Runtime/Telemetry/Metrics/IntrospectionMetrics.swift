package import Composition
import TransportCore

extension MetricRegistry {
    /// Adds the state of `introspection` to the metrics whenever they are shown.
    package func show(_ introspection: Introspection) {
        self.beforeShowing { registry in
            registry.showBreakers(introspection)
            await registry.showEndpoints(introspection)
            for (service, load) in introspection.loads { registry.show(load, of: service) }
        }
    }

    private func showBreakers(_ introspection: Introspection) {
        self.clear(MetricCatalogue.breakerState)
        for (target, breaker) in introspection.breakers {
            for (method, state) in breaker.states {
                for possible in BreakerState.allCases {
                    self.gauge(MetricCatalogue.breakerState, target, method, possible.rawValue)
                        .set(possible == state ? 1.0 : 0.0)
                }
            }
        }
    }

    private func showEndpoints(_ introspection: Introspection) async {
        let endpoints = await introspection.endpoints()
        self.clear(MetricCatalogue.endpoints)
        for (target, _, state) in endpoints {
            self.gauge(MetricCatalogue.endpoints, target, state.rawValue).increment(by: 1)
        }
    }

    private func show(_ load: ServiceLoad, of service: String) {
        self.gauge(MetricCatalogue.limiterLimit, service).set(Double(load.limit))
        self.gauge(MetricCatalogue.limiterInFlight, service).set(Double(load.inFlight))
        self.gauge(MetricCatalogue.limiterWaiting, service).set(Double(load.waiting))
        self.counter(MetricCatalogue.limiterShed, service).set(Double(load.shed))
    }
}
