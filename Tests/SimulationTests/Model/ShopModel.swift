import Simulation

/// The size of the model, and its planted bug.
struct ShopOptions: Sendable {
    enum Bug: Sendable {
        case overNetwork
        case overLocalActor
    }

    var orders = 48
    var stock = 30
    var dropChance = 0.05
    var bug: Bug?
}

/// The result of a run.
struct ShopSummary: Hashable, Sendable {
    var calls = 0
    var timeouts = 0
    var retries = 0
    var accepted = 0
    var soldOut = 0
    var failed = 0
    var lowestStock = 0
    var noted = 0

    /// True if more was sold than was in stock.
    var isViolated: Bool { self.lowestStock < 0 }
}

/// Four services that exchange requests over a faulty network, as production code would.
struct ShopModel {
    private let simulation: Simulation
    private let network: ShopNetwork
    private let inventory: Inventory
    private let cashier: Cashier
    private let notebook = Notebook()

    init(_ simulation: Simulation, _ options: ShopOptions) {
        self.simulation = simulation
        self.network = ShopNetwork(simulation, options)
        self.inventory = Inventory(self.network, Pricing())
        self.cashier = Cashier(self.network, self.notebook)
    }

    /// Runs the model with a seed.
    static func run(
        seed: UInt64,
        _ model: ShopOptions = ShopOptions(),
        _ options: SimulationOptions = SimulationOptions()
    ) -> SimulationRun<ShopSummary> {
        Simulation.run(seed: seed, options: options) { simulation in
            try await ShopModel(simulation, model).run()
        }
    }

    private func run() async throws -> ShopSummary {
        let notebook = self.notebook
        let drain = Task(name: "notebook") { await notebook.drain() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for order in 0..<self.network.options.orders {
                let delay = self.network.drawMilliseconds(below: 400)
                group.addTask { try await self.place(order, after: delay) }
            }
            try await group.waitForAll()
        }
        // Late retries of the servers end meanwhile.
        try await self.simulation.clock.sleep(for: .seconds(30))
        await notebook.close()
        await drain.value
        let orders = await notebook.orders
        self.simulation.mark("noted \(orders)")
        self.network.summary.lowestStock = await self.inventory.lowest
        self.network.summary.noted = orders.count
        return self.network.summary
    }

    @concurrent
    private func place(_ order: Int, after delay: Duration) async throws {
        try await self.simulation.clock.sleep(for: delay)
        do {
            async let reservation = self.network.call(
                self.inventory,
                .reserve(order: order, quantity: 1)
            )
            async let charge = self.network.call(self.cashier, .charge(order: order, cents: 100))
            if case .soldOut = try await reservation {
                self.network.summary.soldOut += 1
            } else {
                self.network.summary.accepted += 1
            }
            _ = try await charge
            self.simulation.mark("order \(order) done")
        } catch is ShopTimeout {
            self.network.summary.failed += 1
            self.simulation.mark("order \(order) failed")
        }
    }
}
