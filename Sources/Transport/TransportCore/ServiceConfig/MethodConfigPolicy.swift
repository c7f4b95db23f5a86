/// Gives every call what the service config says of its method: its timeout, and whether it waits
/// for a connection or may be compressed.
public struct MethodConfigPolicy: ClientPolicy {
    private let config: ServiceConfig

    /// A policy that reads `config`.
    public init(_ config: ServiceConfig) { self.config = config }

    /// Shortens the timeout to that of the method.
    public func prepare(_ call: inout OutgoingCall) throws(RPCError) {
        let method = self.config.method(call.method)
        if let limit = method.timeout { call.timeout = min(call.timeout ?? limit, limit) }
        if method.waitForReady { call.waitForReady = true }
        if method.compression == .gzip { call.mayCompress = true }
    }
}
