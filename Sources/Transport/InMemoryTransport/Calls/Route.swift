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

    /// A message from the caller to the server.
    func outward(_ phase: LinkMessage.Phase, bytes: Int = 0) -> LinkMessage {
        self.linkMessage(phase, from: self.caller.name, to: self.callee.host, bytes)
    }

    /// A message from the server to the caller.
    func homeward(_ phase: LinkMessage.Phase, bytes: Int = 0) -> LinkMessage {
        self.linkMessage(phase, from: self.callee.host, to: self.caller.name, bytes)
    }

    private func linkMessage(
        _ phase: LinkMessage.Phase,
        from: String,
        to: String,
        _ bytes: Int
    ) -> LinkMessage {
        LinkMessage(
            call: self.number,
            from: from,
            to: to,
            phase: phase,
            method: self.method,
            bytes: bytes,
            requestID: self.requestID
        )
    }
}
