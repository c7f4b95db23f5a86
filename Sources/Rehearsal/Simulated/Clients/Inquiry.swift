import Composition
import Identity
import Simulation
import TransportCore

/// A call to a service in the name of another that may call it.
struct Inquiry {
    private let context: RunContext

    init(_ context: RunContext) { self.context = context }

    /// A call of `method` with a good token; nil when none can be made now.
    func call(_ service: ServiceName, _ method: String) -> OutgoingCall? {
        let caller: ServiceName = service == .ledger ? .payment : .gateway
        guard let credentials = try? self.context.secrets.credentials(caller) else {
            return nil
        }
        let now = self.context.simulation.clock.now.sinceStart.components.seconds
        let tokens = ServiceTokenProvider.make(
            for: caller,
            credentials,
            now: { ProcessClock.startOfTime + now },
            randomBytes: { [UInt8](repeating: 7, count: $0) }
        )
        guard let token = try? tokens.token(for: service.rawValue) else { return nil }
        var call = OutgoingCall(method: method, timeout: .seconds(1))
        call.metadata.add("authorization", "Bearer \(token)")
        return call
    }
}
