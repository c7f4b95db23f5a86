package import Composition
import TransportCore

extension MetricRegistry {
    /// Adds the state of `board` to the metrics whenever they are shown.
    package func show(_ board: Board) {
        self.beforeShowing { registry in
            registry.showBreakers(board)
            await registry.showEndpoints(board)
            for (service, load) in board.loads { registry.show(load, of: service) }
        }
    }

    private func showBreakers(_ board: Board) {
        self.clear(MetricCatalogue.breakerState)
        for (target, breaker) in board.breakers {
            for (method, state) in breaker.states {
                for possible in BreakerState.allCases {
                    self.gauge(MetricCatalogue.breakerState, target, method, possible.rawValue)
                        .set(possible == state ? 1.0 : 0.0)
                }
            }
        }
    }

    private func showEndpoints(_ board: Board) async {
        let endpoints = await board.endpoints()
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
