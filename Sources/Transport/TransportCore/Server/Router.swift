/// The methods of a server and the policies before them.
///
/// A transport passes in a call's headers, and gets a refusal or an ``AdmittedCall`` to run.
public struct Router: Sendable {
    private let methods: [String: RegisteredMethod]
    private let services: Set<String>
    private let policies: [any ServerPolicy]
    private let telemetry: ServerTelemetry?

    /// The names of all methods, sorted.
    public var methodNames: [String] { self.methods.keys.sorted() }

    /// Creates a router for `methods`; each policy must know all of them.
    ///
    /// `telemetry` receives the results of calls.
    ///
    /// - Throws: ``ConfigurationError`` for a method registered twice or unknown to a policy.
    public init(
        _ methods: [RegisteredMethod],
        policies: [any ServerPolicy],
        telemetry: ServerTelemetry? = nil
    ) throws(ConfigurationError) {
        var byName: [String: RegisteredMethod] = [:]
        for method in methods {
            guard byName.updateValue(method, forKey: method.name) == nil else {
                throw ConfigurationError("method '\(method.name)' is registered twice")
            }
        }
        for policy in policies { try policy.validate(methods) }
        self.methods = byName
        self.services = Set(methods.map { String($0.name.prefix { $0 != "/" }) })
        self.policies = policies
        self.telemetry = telemetry
    }

    /// Admits or refuses a call by its headers alone.
    package func admit(_ call: IncomingCall) -> Result<AdmittedCall, RPCError> {
        guard let method = self.methods[call.method] else {
            self.telemetry?.refused(ServerTelemetry.otherMethod, .unimplemented)
            return .failure(self.unknown(call.method))
        }
        var call = call
        let start = self.telemetry?.started(call.method)
        do throws(RPCError) {
            for policy in self.policies { try policy.admit(&call) }
        } catch {
            self.telemetry?.ended(call.method, error.code, since: start)
            return .failure(error)
        }
        return .success(
            AdmittedCall(call: call, method: method, telemetry: self.telemetry, start: start)
        )
    }

    private func unknown(_ method: String) -> RPCError {
        let service = method.prefix { $0 != "/" }
        guard self.services.contains(String(service)) else {
            return RPCError(.unimplemented, "no service '\(service.prefix(128))' here")
        }
        return RPCError(.unimplemented, "no method '\(method.prefix(256))' here")
    }
}
