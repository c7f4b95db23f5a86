import Listening
import Testing

@testable import Edge

@Suite("The state of a connection")
struct ConnectionStateTests {
    /// Every state, reached by a sequence of inputs.
    enum Place: CaseIterable {
        case idle
        case readingHead
        case readingBody
        case answeringEarly
        case answering
        case lastAnswer
        case lingering

        func enter() -> ConnectionState {
            var state = ConnectionState()
            switch self {
            case .idle: break
            case .readingHead: state.bytesArrived()
            case .readingBody: _ = state.headReceived(isLast: false)
            case .answeringEarly:
                _ = state.headReceived(isLast: false)
                _ = state.answerStarted(closes: false)
            case .answering:
                _ = state.headReceived(isLast: false)
                _ = state.endReceived()
            case .lastAnswer:
                _ = state.headReceived(isLast: true)
                _ = state.endReceived()
            case .lingering: _ = state.requestFailed(.headTimedOut)
            }
            return state
        }
    }

    /// The result of an input in a state.
    private func at<Output>(
        _ place: Place,
        _ input: (inout ConnectionState) -> Output
    ) -> Output {
        var state = place.enter()
        return input(&state)
    }

    /// The results of an input in every state, in order.
    private func everywhere<Output>(_ input: (inout ConnectionState) -> Output) -> [Output] {
        Place.allCases.map { self.at($0, input) }
    }

    @Test("has one timeout at a time")
    func waits() {
        let waits = self.everywhere { $0.wait }
        #expect(waits == [.firstRequest, .head, .body, .body, nil, nil, .close])
    }

    @Test("waits longer for a further request, and for a peer that reads its answer")
    func laterWaits() {
        var state = Place.answering.enter()
        _ = state.answerStarted(closes: false)
        #expect(state.wait == .answerTaken)
        #expect(state.waitEnded(.answerTaken) == .close)
        _ = state.answerEnded()
        #expect(state.wait == .nextRequest)
    }

    @Test("can be evicted unless it owes an answer")
    func standing() {
        let standings = self.everywhere { $0.standing }
        let expected: [ConnectionStanding] = [
            .unproven, .unproven, .unproven, .closing, .busy, .busy, .closing,
        ]
        #expect(standings == expected)
        let goes = self.everywhere { $0.evicted() }
        #expect(goes == [true, true, true, true, false, false, true])
    }

    @Test("is evicted later once it was served, and while its answer is read")
    func provenStanding() {
        var state = Place.answering.enter()
        _ = state.answerStarted(closes: false)
        #expect(state.standing == .closing)
        _ = state.answerEnded()
        #expect(state.standing == .idle)
        state.bytesArrived()
        #expect(state.standing == .idle)
    }

    @Test("accepts arrivals unless an answer is owed")
    func arrivals() {
        let taken = self.everywhere { $0.acceptsArrivals }
        #expect(taken == [true, true, true, true, false, false, true])
    }

    @Test("notices bytes between requests only")
    func bytes() {
        let waits = self.everywhere { state in
            state.bytesArrived()
            return state.wait
        }
        #expect(waits == [.head, .head, .body, .body, nil, nil, .close])
    }

    @Test("delivers a head between requests only")
    func head() {
        let deliveries = self.everywhere { $0.headReceived(isLast: false) }
        #expect(deliveries == [.deliver, .deliver, .drop, .drop, .drop, .drop, .drop])
    }

    @Test("delivers a body and its end within a request only")
    func body() {
        let expected: [ConnectionState.Delivery] = [
            .drop, .drop, .deliver, .deliver, .drop, .drop, .drop,
        ]
        let bodies = self.everywhere { $0.bodyReceived() }
        let ends = self.everywhere { $0.endReceived() }
        #expect(bodies == expected)
        #expect(ends == expected)
    }

    @Test("makes an answer the last unless its request was read and no side wants to close")
    func lastAnswer() {
        let isLast = self.everywhere { $0.answerStarted(closes: false) }
        #expect(isLast == [true, true, true, true, false, true, true])
        let isLastIfWanted = self.everywhere { $0.answerStarted(closes: true) }
        #expect(isLastIfWanted.allSatisfy { $0 })
    }

    @Test("reads on after an answer, or lingers after the last")
    func answerEnded() {
        let actions = self.everywhere { $0.answerEnded() }
        #expect(actions == [.readOn, .readOn, .linger, .linger, .readOn, .linger, .readOn])
    }

    @Test("lingers after an answer that began before its request was read")
    func earlyAnswer() {
        let action = self.at(.answeringEarly) { state in
            _ = state.endReceived()
            return state.answerEnded()
        }
        #expect(action == .linger)
    }

    @Test("answers errors before a request, raises errors within one, and ignores others")
    func failures() {
        let failure = EdgeFailure.malformed("x")
        let actions = self.everywhere { $0.requestFailed(failure) }
        let expected: [ConnectionState.FailureAction] = [
            .answer(failure), .answer(failure), .raise(failure), .raise(failure),
            .none, .none, .none,
        ]
        #expect(actions == expected)
    }

    @Test("closes with its peer, and reports half a body")
    func inputClosed() {
        let actions = self.everywhere { $0.inputClosed() }
        let expected: [ConnectionState.FailureAction] = [
            .close, .close, .raise(.truncated), .raise(.truncated), .none, .none, .none,
        ]
        #expect(actions == expected)
    }

    @Test("names each timeout")
    func waitEnded() {
        let actions = [
            self.at(.idle) { $0.waitEnded(.firstRequest) },
            self.at(.idle) { $0.waitEnded(.nextRequest) },
            self.at(.readingHead) { $0.waitEnded(.head) },
            self.at(.readingBody) { $0.waitEnded(.body) },
            self.at(.lingering) { $0.waitEnded(.close) },
        ]
        let expected: [ConnectionState.FailureAction] = [
            .close, .close, .answer(.headTimedOut), .raise(.bodyTimedOut), .close,
        ]
        #expect(actions == expected)
    }

    @Test("closes at once in a shutdown if it is idle")
    func quiesced() {
        let closes = self.everywhere { $0.quiesced() }
        #expect(closes == [true, false, false, false, false, false, false])
    }

    @Test("ends after the current exchange in a shutdown")
    func quiescedWhileAnswering() {
        let (isLast, action) = self.at(.answering) { state in
            _ = state.quiesced()
            return (state.answerStarted(closes: false), state.answerEnded())
        }
        #expect(isLast)
        #expect(action == .linger)
    }
}
