import Simulation

/// A local actor that never really suspends.
actor Audit {
    private var count = 0

    func record(_ order: Int) -> Int {
        self.count += 1
        return self.count
    }
}

/// Checks the stock, awaits something, then takes from it; hosts the planted bugs.
actor Inventory: ShopServer {
    private let network: ShopNetwork
    private let pricing: any ShopServer
    private let audit = Audit()
    private var stock: Int
    private var answers: [Int: ShopReply] = [:]
    private(set) var lowest: Int

    init(_ network: ShopNetwork, _ pricing: any ShopServer) {
        self.network = network
        self.pricing = pricing
        self.stock = network.options.stock
        self.lowest = network.options.stock
    }

    func handle(_ request: ShopRequest) async -> ShopReply {
        guard case .reserve(let order, let quantity) = request else { return .done }
        if let answer = self.answers[order] { return answer }
        guard self.stock >= quantity else {
            self.answers[order] = .soldOut
            return .soldOut
        }
        await self.suspendBetweenCheckAndAct(order)
        if let answer = self.answers[order] { return answer }
        self.stock -= quantity
        self.lowest = min(self.lowest, self.stock)
        self.answers[order] = .done
        if self.network.options.bug == nil {
            _ = try? await self.network.call(self.pricing, .price(order: order))
            _ = await self.audit.record(order)
        }
        return .done
    }

    private func suspendBetweenCheckAndAct(_ order: Int) async {
        switch self.network.options.bug {
        case nil: return
        case .overNetwork: _ = try? await self.network.call(self.pricing, .price(order: order))
        case .overLocalActor: _ = await self.audit.record(order)
        }
    }
}

actor Pricing: ShopServer {
    func handle(_ request: ShopRequest) async -> ShopReply {
        if case .price(let order) = request { .price(100 + order % 7) } else { .done }
    }
}

actor Cashier: ShopServer {
    private let network: ShopNetwork
    private let ledger: any ShopServer
    private var paid: [Int: Int] = [:]

    init(_ network: ShopNetwork, _ ledger: any ShopServer) {
        self.network = network
        self.ledger = ledger
    }

    func handle(_ request: ShopRequest) async -> ShopReply {
        guard case .charge(let order, let cents) = request, self.paid[order] == nil else {
            return .done
        }
        self.paid[order] = cents
        _ = try? await self.network.call(self.ledger, .note(order: order))
        return .done
    }
}

/// A mailbox: a stream that a background task drains.
actor Notebook: ShopServer {
    private let inbox: AsyncStream<Int>.Continuation
    private let stream: AsyncStream<Int>
    private var seen: Set<Int> = []

    init() { (self.stream, self.inbox) = AsyncStream.makeStream() }

    var orders: [Int] { Array(self.seen) }

    func handle(_ request: ShopRequest) async -> ShopReply {
        if case .note(let order) = request { self.inbox.yield(order) }
        return .done
    }

    func drain() async {
        for await order in self.stream {
            self.seen.insert(order)
            await Task.yield()
        }
    }

    func close() { self.inbox.finish() }
}
