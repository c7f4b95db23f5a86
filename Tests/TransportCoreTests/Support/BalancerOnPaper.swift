import TransportCore

/// A balancer over the addresses `a`, `b`, `c` …, on a clock of seconds.
struct BalancerOnPaper {
    private(set) var balancer: AddressBalancer<String>
    private let names: [String]
    private var draws: [Double] = []

    init(_ names: [String], _ balancing: ServiceConfig.Balancing, ejects: Bool = false) {
        var config = ServiceConfig()
        config.balancing = balancing
        config.outlierDetection = ejects ? OutlierDetection() : nil
        self.balancer = AddressBalancer(config)
        self.names = names
        self.balancer.adopt(names)
    }

    /// Picks the next address at `second` among `usable`, or among all.
    mutating func pick(
        at second: Int64 = 0,
        drawing draws: [Double] = [0],
        usable: [String]? = nil
    ) -> String? {
        var next = 0
        let names = self.names
        let place = self.balancer.pick(
            at: .second(second),
            draw: {
                defer { next += 1 }
                return draws[next % draws.count]
            },
            isUsable: { usable?.contains(names[$0]) ?? true }
        )
        return place.map { names[$0] }
    }

    mutating func start(_ name: String) {
        if let place = self.names.firstIndex(of: name) { self.balancer.started(place) }
    }

    mutating func end(
        _ name: String,
        _ outcome: AddressBalancer<String>.Outcome,
        after time: Duration = .milliseconds(1),
        at second: Int64 = 0
    ) {
        self.balancer.ended(name, outcome, after: time, at: .second(second))
    }

    mutating func fail(_ name: String, times: Int, at second: Int64 = 0) {
        for _ in 0..<times {
            self.start(name)
            self.end(name, .failure, at: second)
        }
    }

    func ejected(at second: Int64) -> [String] {
        self.names.indices.filter { self.balancer.isEjected($0, at: .second(second)) }
            .map { self.names[$0] }
    }

    mutating func renew(_ name: String) { self.balancer.renewed(name) }
}

extension Timeline.Instant {
    static func second(_ second: Int64) -> Self { Self(nanoseconds: second * 1_000_000_000) }
}
