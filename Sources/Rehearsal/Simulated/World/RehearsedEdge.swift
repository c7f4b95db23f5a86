import Domain
import Synchronization
import TransportCore

/// Carries clients' requests to the gateway over the links of a run, where HTTP would.
///
/// Only a number crosses, and stands for the request or the answer, which wait here: the gateway
/// gets the very same values as behind its HTTP edge.
final class RehearsedEdge: Sendable {
    static let method = "edge.Edge/Handle"
    static let port = 8_000

    private let state = Mutex(State())

    private struct State {
        var requests: [UInt64: GatewayRequest] = [:]
        var responses: [UInt64: GatewayResponse] = [:]
        var count: UInt64 = 0
    }

    /// The method that a gateway's process serves.
    func served(
        by answer: @escaping @Sendable (GatewayRequest) async -> GatewayResponse
    ) -> RegisteredMethod {
        RegisteredMethod(
            name: Self.method,
            kind: .unary,
            handler: .unary { _, bytes in
                guard let request = self.request(Self.number(bytes)) else {
                    throw RPCError(.internalError, "no such request")
                }
                return UnaryReply(Self.bytes(self.put(await answer(request))))
            }
        )
    }

    /// Sends a request and waits for its answer.
    ///
    /// - Throws: what the way there or back did to it.
    func send(
        _ request: GatewayRequest,
        over channel: any Channel,
        timeout: Duration
    ) async throws(RPCError) -> GatewayResponse {
        var call = OutgoingCall(method: Self.method, timeout: timeout)
        call.metadata.add("x-request-id", request.requestID)
        let number = self.state.withLock { state in
            state.count += 1
            state.requests[state.count] = request
            return state.count
        }
        let reply = try await channel.unary(call, Self.bytes(number))
        guard let answer = self.response(Self.number(reply.message)) else {
            throw RPCError(.internalError, "no such answer")
        }
        return answer
    }

    private func request(_ number: UInt64) -> GatewayRequest? {
        self.state.withLock { $0.requests[number] }
    }

    private func response(_ number: UInt64) -> GatewayResponse? {
        self.state.withLock { $0.responses.removeValue(forKey: number) }
    }

    private func put(_ response: GatewayResponse) -> UInt64 {
        self.state.withLock { state in
            state.count += 1
            state.responses[state.count] = response
            return state.count
        }
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }

    private static func number(_ bytes: [UInt8]) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
