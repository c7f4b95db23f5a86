import Testing
import TransportCore

private struct Private: Error {}

@Suite("Errors for the wire")
struct RPCErrorTests {
    @Test("an error is never OK")
    func neverOK() {
        #expect(RPCError(.ok, "").code == .unknown)
    }

    @Test("every code has its number and its name")
    func codes() {
        #expect(StatusCode.allCases.map(\.rawValue) == Array(0...16))
        #expect(Set(StatusCode.allCases.map(\.name)).count == 17)
        #expect(StatusCode(rawValue: 17) == nil)
        #expect(RPCError(.notFound, "no such payment").description == "NOT_FOUND: no such payment")
    }

    @Test("an error thrown by a handler becomes a status")
    func thrown() {
        let own = RPCError(.aborted, "mine", trailers: ["x-a": "1"])
        #expect(RPCError(thrown: own) == own)
        #expect(RPCError(thrown: CancellationError()).code == .cancelled)
        #expect(RPCError(thrown: Private()) == RPCError(.unknown, "the handler failed"))
    }

    @Test("a long message is cut between two characters", arguments: [("x", 1_024), ("é", 1_023)])
    func longMessage(start: String, bytes: Int) {
        let message = String(repeating: "€", count: 341) + start + "€"
        let cut = RPCError(thrown: RPCError(.aborted, message)).message
        #expect(message.hasPrefix(cut))
        #expect(cut.utf8.count == bytes)
        let whole = String(repeating: "é", count: 512)
        #expect(RPCError(thrown: RPCError(.aborted, whole)).message == whole)
    }

    @Test("trailers that may not be sent replace the error")
    func illegalTrailers() {
        let error = RPCError(.notFound, "", trailers: ["grpc-status": "0"])
        #expect(RPCError(thrown: error).code == .internalError)
    }

    @Test("an error thrown by a handler counts as processed, whatever it claims")
    func wasProcessed() {
        let downstream = RPCError(.unavailable, "", wasNeverProcessed: true)
        #expect(RPCError(thrown: downstream).wasNeverProcessed == false)
    }
}
