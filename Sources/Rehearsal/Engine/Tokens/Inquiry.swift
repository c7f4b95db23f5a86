package import Composition
import Identity
package import TransportCore

/// A call to a service in the name of another that may call it.
package struct Inquiry: Sendable {
    private let context: RunContext

    /// The longest that an answer is waited for.
    private static let timeout = Duration.seconds(1)

    package init(_ context: RunContext) { self.context = context }

    /// A call of `method` with a good token; nil when none can be made now.
    package func call(_ service: ServiceName, _ method: String) -> OutgoingCall? {
        guard let token = self.token(for: service) else { return nil }
        var call = OutgoingCall(method: method, timeout: Self.timeout)
        call.metadata.add("authorization", "Bearer \(token)")
        return call
    }

    /// A token that `service` takes from a caller of it; nil when none can be made now.
    package func token(for service: ServiceName) -> String? {
        let caller: ServiceName = service == .ledger ? .payment : .gateway
        guard let credentials = try? self.context.secrets.credentials(caller) else {
            return nil
        }
        let tokens = ServiceTokenProvider.make(
            for: caller,
            credentials,
            now: { [clock = self.context.clock] in clock.unixTime },
            randomBytes: { [UInt8](repeating: 7, count: $0) }
        )
        return try? tokens.token(for: service.rawValue)
    }
}
