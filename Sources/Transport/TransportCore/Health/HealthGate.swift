/// Refuses calls to a service that is not SERVING; health and reflection answer always.
///
/// A service that drains says NOT_SERVING, and is called for a moment by those who have not heard
/// of it: until its server stops, it answers them.
///
/// Put it first: a server that recovers or drains need not look at tokens. The refusal says
/// ``RPCError/wasNeverProcessed``, because no handler has seen the call: it is safe to ask another
/// replica, whatever the method does. Over gRPC that mark stays behind; ``reason`` goes.
public struct HealthGate: ServerPolicy {
    /// The reason of a refusal, for programs.
    public static let reason = "NOT_SERVING"

    private let registry: HealthRegistry

    /// A gate that opens as `registry` says.
    public init(_ registry: HealthRegistry) { self.registry = registry }

    /// Lets calls to a service that is SERVING pass.
    ///
    /// - Throws: UNAVAILABLE for any other.
    public func admit(_ call: inout IncomingCall) throws(RPCError) {
        let service = StandardServices.service(of: call.method)
        if self.registry.takesCalls(of: service) { return }
        guard !StandardServices.contains(service) else { return }
        var refusal = RPCError(
            .unavailable,
            "'\(service)' is not serving now",
            reason: Self.reason
        )
        refusal.wasNeverProcessed = true
        throw refusal
    }

    /// Checks that every service has a status: one without would never open.
    ///
    /// - Throws: the services that the registry does not know.
    public func validate(_ methods: [RegisteredMethod]) throws(ConfigurationError) {
        let services = Set(methods.map { StandardServices.service(of: $0.name) })
        let unknown = services.filter {
            !StandardServices.contains($0) && self.registry.status(of: $0) == nil
        }
        guard unknown.isEmpty else {
            let names = unknown.sorted().joined(separator: ", ")
            throw ConfigurationError("the health registry does not know \(names)")
        }
    }
}
