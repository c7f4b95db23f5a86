/// Applies the service config of its method to each call.
///
/// It sets the timeout, waiting for a connection, and compression.
public struct MethodConfigPolicy: ClientPolicy {
    private let config: ServiceConfig

    /// Creates a policy for `config`.
    public init(_ config: ServiceConfig) { self.config = config }

    /// Shortens the timeout to the method's, and turns on `waitForReady` and `mayCompress` as
    /// configured.
    public func prepare(_ call: inout OutgoingCall) throws(RPCError) {
        let method = self.config.method(call.method)
        if let limit = method.timeout { call.timeout = min(call.timeout ?? limit, limit) }
        if method.waitForReady { call.waitForReady = true }
        if method.compression == .gzip { call.mayCompress = true }
    }
}
