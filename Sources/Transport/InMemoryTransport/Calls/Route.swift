import TransportCore

/// The hosts, the number and the method of one call.
struct Route: Sendable {
    let fabric: Fabric
    let number: UInt64
    let caller: InMemoryHost
    let callee: Endpoint
    let method: String
    let requestID: String?

    /// Creates the route of a new call made by `caller`.
    init(_ caller: InMemoryHost, _ callee: Endpoint, _ call: OutgoingCall) {
        self.fabric = caller.fabric
        self.number = caller.fabric.nextCall()
        self.caller = caller
        self.callee = callee
        self.method = call.method
        self.requestID = call.metadata.text("x-request-id")
    }

    /// A crossing from the caller to the server.
    func outward(_ leg: Crossing.Leg, bytes: Int = 0) -> Crossing {
        self.crossing(leg, from: self.caller.name, to: self.callee.host, bytes)
    }

    /// A crossing from the server to the caller.
    func homeward(_ leg: Crossing.Leg, bytes: Int = 0) -> Crossing {
        self.crossing(leg, from: self.callee.host, to: self.caller.name, bytes)
    }

    private func crossing(
        _ leg: Crossing.Leg,
        from: String,
        to: String,
        _ bytes: Int
    ) -> Crossing {
        Crossing(
            call: self.number,
            from: from,
            to: to,
            leg: leg,
            method: self.method,
            bytes: bytes,
            requestID: self.requestID
        )
    }
}
