import Composition
import Domain
import Testing
import TransportCore

@Suite("Domain errors on the wire and back")
struct DomainErrorWireTests {
    typealias Status = StatusCode

    private static let violations = [
        FieldViolation("amount", "must be a whole number"),
        FieldViolation("größe", "ist \"falsch\"\n"),
    ]

    private static let faithful: [(DomainError, Status)] = [
        (.invalid(violations), .invalidArgument),
        (.invalid([]), .invalidArgument),
        (.notFound(.payment), .notFound),
        (.conflict(field: "amount"), .alreadyExists),
        (.orderConflict(field: "currency"), .alreadyExists),
        (.idempotencyConflict(field: "method"), .alreadyExists),
        (.refundExceedsRemaining(remaining: 70), .failedPrecondition),
        (.refundExceedsRemaining(remaining: .max), .failedPrecondition),
        (.alreadyRefunded, .failedPrecondition),
        (.tooManyRefunds(remaining: 70), .failedPrecondition),
        (.outcomeUnknown, .deadlineExceeded),
        (.unavailable(retryAfter: nil), .unavailable),
        (.unavailable(retryAfter: .milliseconds(1_500)), .unavailable),
        (.storeFull, .resourceExhausted),
        (.overloaded(retryAfter: .seconds(3)), .resourceExhausted),
        (.rateLimited(retryAfter: .zero), .resourceExhausted),
        (.cancelled, .cancelled),
        (.unimplemented, .unimplemented),
        (.internalFault, .internalError),
    ]

    @Test("a domain error survives the wire unchanged", arguments: faithful)
    func roundTrip(_ error: DomainError, _ code: Status) {
        let wire = RPCError(error)
        #expect(wire.code == code)
        #expect(DomainError(wire, of: .write) == error)
    }

    @Test(
        "a peer that refuses our own token did nothing",
        arguments: [DomainError.unauthenticated, .permissionDenied(scope: "ledger:read")]
    )
    func refusedToken(_ error: DomainError) {
        #expect(DomainError(RPCError(error), of: .write) == .unavailable(retryAfter: nil))
    }

    private static let bare: [(Status, DomainError)] = [
        (.cancelled, .cancelled),
        (.unknown, .internalFault),
        (.invalidArgument, .internalFault),
        (.deadlineExceeded, .outcomeUnknown),
        (.notFound, .internalFault),
        (.alreadyExists, .internalFault),
        (.permissionDenied, .unavailable(retryAfter: nil)),
        (.resourceExhausted, .outcomeUnknown),
        (.failedPrecondition, .internalFault),
        (.aborted, .internalFault),
        (.outOfRange, .internalFault),
        (.unimplemented, .unimplemented),
        (.internalError, .internalFault),
        (.unavailable, .outcomeUnknown),
        (.dataLoss, .internalFault),
        (.unauthenticated, .unavailable(retryAfter: nil)),
    ]

    @Test("a status without a reason of ours leaves the outcome unknown", arguments: bare)
    func withoutReason(_ code: Status, _ expected: DomainError) {
        #expect(DomainError(RPCError(code, "whatever"), of: .write) == expected)
        let strange = RPCError(code, "whatever", reason: "SOMETHING_ELSE")
        #expect(DomainError(strange, of: .write) == expected)
    }

    @Test("every status code is covered here")
    func coverage() {
        #expect(Set(Self.bare.map(\.0)) == Set(Status.allCases).subtracting([.ok]))
    }

    @Test("a call that was never processed did nothing")
    func neverProcessed() {
        let unsent = RPCError(.unavailable, "nobody there", wasNeverProcessed: true)
        #expect(DomainError(unsent, of: .write) == .unavailable(retryAfter: nil))
        let full = RPCError(.resourceExhausted, "too many wait", wasNeverProcessed: true)
        #expect(DomainError(full, of: .write) == .overloaded(retryAfter: nil))
    }

    @Test("an unanswered read changed nothing")
    func reads() {
        let gone = RPCError(.unavailable, "gone")
        #expect(DomainError(gone, of: .read) == .unavailable(retryAfter: nil))
        let full = RPCError(.resourceExhausted, "full")
        #expect(DomainError(full, of: .read) == .overloaded(retryAfter: nil))
    }

    @Test("a draining service did nothing")
    func notServing() {
        let refusal = RPCError(.unavailable, "not serving", reason: HealthGate.reason)
        #expect(DomainError(refusal, of: .write) == .unavailable(retryAfter: nil))
    }

    @Test("garbled details count as none")
    func garbled() {
        let remaining = RPCError(
            .failedPrecondition,
            "",
            reason: "REFUND_EXCEEDS_REMAINING",
            metadata: ["remaining": "many"]
        )
        #expect(DomainError(remaining, of: .write) == .refundExceedsRemaining(remaining: 0))
        let wait = RPCError(
            .unavailable,
            "",
            reason: "UNAVAILABLE",
            metadata: ["retry_after_ms": "soon"]
        )
        #expect(DomainError(wait, of: .write) == .unavailable(retryAfter: nil))
    }

    @Test("an internal error carries no internal text")
    func internalFault() {
        #expect(RPCError(.internalFault).message == "something is broken; the log knows what")
    }
}
