import Checkers
import Domain
import DrillEngine
import TransportCore

/// The way of a simulated client to the gateway, over the links of the run.
struct EdgeFront: Front {
    let edge: RehearsedEdge
    let channel: any Channel

    /// Tries `request` once.
    func attempt(
        _ request: Operation.Request,
        token: String,
        key: String?,
        requestID: String,
        timeout: Duration
    ) async -> Attempt {
        let request = GatewayRequest(
            request,
            authorization: "Bearer \(token)",
            key: key,
            requestID: requestID
        )
        do throws(RPCError) {
            let answer = try await self.edge.send(request, over: self.channel, timeout: timeout)
            return Attempt(answer)
        } catch {
            // A client behind HTTP cannot tell what of its request came through, unless nothing did.
            return Attempt(
                outcome: error.wasNeverProcessed
                    ? .refused(status: 0, code: "unreachable") : .unknown(code: "no_answer"),
                mayRetry: true
            )
        }
    }
}

extension GatewayRequest {
    fileprivate init(
        _ request: Operation.Request,
        authorization: String,
        key: String?,
        requestID: String
    ) {
        self.init(
            method: request.isRead ? "GET" : "POST",
            path: request.path,
            authorization: [authorization],
            idempotencyKeys: key.map { [$0] } ?? [],
            fields: .read(request.fields.map { Field($0.0, .text($0.1)) }),
            requestID: requestID
        )
    }
}
