import Domain
import Edge
import StrictJSON

/// A handler that records requests and returns a given response.
actor Probe {
    private(set) var requests: [GatewayRequest] = []
    private(set) var contexts: [EdgeContext] = []
    private let answer: GatewayResponse

    init(answer: GatewayResponse = GatewayResponse(status: 200, body: ["ok": .bool(true)])) {
        self.answer = answer
    }

    nonisolated var handler: EdgeServer.Handler {
        { request, context in await self.respond(to: request, context) }
    }

    private func respond(to request: GatewayRequest, _ context: EdgeContext) -> GatewayResponse {
        self.requests.append(request)
        self.contexts.append(context)
        return self.answer
    }

    var fields: GatewayRequest.Fields? { self.requests.last?.fields }
}
