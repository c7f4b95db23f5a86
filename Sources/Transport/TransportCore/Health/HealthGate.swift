/// Refuses calls to a service that is not SERVING, but never health and reflection.
///
/// A draining service reports NOT_SERVING, but still answers until its server stops: some callers
/// have not heard of the drain yet.
///
/// Make it the first policy, so that a recovering or draining server need not verify tokens. No
/// handler has seen a refused call, so that any method may be retried on another replica:
/// ``RPCError/wasNeverProcessed`` is set. gRPC does not carry that mark, but it does carry
/// ``reason``.
public struct HealthGate: ServerPolicy {
    /// The reason in a refusal, for programs.
    public static let reason = "NOT_SERVING"

    private let registry: HealthRegistry

    /// Creates a gate for the services of `registry`.
    public init(_ registry: HealthRegistry) { self.registry = registry }

    /// Admits calls to a service that takes them.
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

    /// Checks that every service has a status; the gate would refuse any other for ever.
    ///
    /// - Throws: ``ConfigurationError`` that names the services unknown to the registry.
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
