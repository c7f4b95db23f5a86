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

    /// Expects that an input has the result of `expected` in its states, and `usual` in all others.
    private func expect<Output: Equatable>(
        _ expected: [Place: Output],
        elsewhere usual: Output,
        at location: SourceLocation = #_sourceLocation,
        from input: (inout ConnectionState) -> Output
    ) {
        for place in Place.allCases {
            let result = self.at(place, input)
            #expect(result == expected[place] ?? usual, "\(place)", sourceLocation: location)
        }
    }

    @Test("has one timeout at a time")
    func waits() {
        self.expect(
            [
                .idle: .firstRequest, .readingHead: .head, .readingBody: .body,
                .answeringEarly: .body, .lingering: .close,
            ],
            elsewhere: nil
        ) { $0.wait }
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
        self.expect(
            [
                .answeringEarly: .closing, .answering: .busy, .lastAnswer: .busy,
                .lingering: .closing,
            ],
            elsewhere: .unproven
        ) { $0.standing }
        self.expect([.answering: false, .lastAnswer: false], elsewhere: true) { $0.evicted() }
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
        self.expect([.answering: false, .lastAnswer: false], elsewhere: true) {
            $0.acceptsArrivals
        }
    }

    @Test("notices bytes between requests only")
    func bytes() {
        self.expect(
            [
                .idle: .head, .readingHead: .head, .readingBody: .body, .answeringEarly: .body,
                .lingering: .close,
            ],
            elsewhere: nil
        ) { state -> ConnectionState.Wait? in
            state.bytesArrived()
            return state.wait
        }
    }

    @Test("delivers a head between requests only")
    func head() {
        self.expect([.idle: .deliver, .readingHead: .deliver], elsewhere: .drop) {
            $0.headReceived(isLast: false)
        }
    }

    @Test("delivers a body and its end within a request only")
    func body() {
        let delivered: [Place: ConnectionState.Delivery] = [
            .readingBody: .deliver, .answeringEarly: .deliver,
        ]
        self.expect(delivered, elsewhere: .drop) { $0.bodyReceived() }
        self.expect(delivered, elsewhere: .drop) { $0.endReceived() }
    }

    @Test("makes an answer the last unless its request was read and no side wants to close")
    func lastAnswer() {
        self.expect([.answering: false], elsewhere: true) { $0.answerStarted(closes: false) }
        self.expect([:], elsewhere: true) { $0.answerStarted(closes: true) }
    }

    @Test("reads on after an answer, or lingers after the last")
    func answerEnded() {
        self.expect(
            [.readingBody: .linger, .answeringEarly: .linger, .lastAnswer: .linger],
            elsewhere: .readOn
        ) { $0.answerEnded() }
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
        self.expect(
            [
                .idle: .answer(failure), .readingHead: .answer(failure),
                .readingBody: .raise(failure), .answeringEarly: .raise(failure),
            ],
            elsewhere: ConnectionState.FailureAction.none
        ) { $0.requestFailed(failure) }
    }

    @Test("closes with its peer, and reports half a body")
    func inputClosed() {
        self.expect(
            [
                .idle: .close, .readingHead: .close, .readingBody: .raise(.truncated),
                .answeringEarly: .raise(.truncated),
            ],
            elsewhere: ConnectionState.FailureAction.none
        ) { $0.inputClosed() }
    }

    @Test("names each timeout")
    func waitEnded() {
        #expect(self.at(.idle) { $0.waitEnded(.firstRequest) } == .close)
        #expect(self.at(.idle) { $0.waitEnded(.nextRequest) } == .close)
        #expect(self.at(.readingHead) { $0.waitEnded(.head) } == .answer(.headTimedOut))
        #expect(self.at(.readingBody) { $0.waitEnded(.body) } == .raise(.bodyTimedOut))
        #expect(self.at(.lingering) { $0.waitEnded(.close) } == .close)
    }

    @Test("closes at once in a shutdown if it is idle")
    func quiesced() {
        self.expect([.idle: true], elsewhere: false) { $0.quiesced() }
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
