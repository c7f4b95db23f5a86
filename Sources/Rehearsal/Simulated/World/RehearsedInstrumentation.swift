import Checkers
import Composition
import DrillEngine
import Synchronization
import TransportCore

/// Writes into the history of a run what the policies of one process do.
final class RehearsedInstrumentation: ClientObserver {
    private struct Counts {
        var retries = 0
        var successes = 0
    }

    private let process: String
    private let callee: String
    private let recorder: HistoryRecorder
    private let counts = Mutex(Counts())

    private init(_ process: String, _ callee: String, _ recorder: HistoryRecorder) {
        self.process = process
        self.callee = callee
        self.recorder = recorder
    }

    /// The instrumentation of a process of this name.
    static func instrumentation(
        of process: String,
        _ timeline: Timeline,
        _ recorder: HistoryRecorder
    ) -> Instrumentation {
        var instrumentation = Instrumentation(client: {
            RehearsedInstrumentation(process, $0, recorder)
        })
        instrumentation.stepped = { recorder.count($0) }
        instrumentation.channel = { base, unit in
            guard case .attempt = unit else { return base }
            return DeadlineWatch(base: base, timeline: timeline, recorder: recorder)
        }
        return instrumentation
    }

    func attemptStarted(_ method: String) {}

    func attemptEnded(_ attempt: ObservedCall) {
        if attempt.code == .ok { self.counts.withLock { $0.successes += 1 } }
    }

    func callEnded(_ call: ObservedCall) {}

    func retried(_ method: String, after wait: Duration) {
        let counts = self.counts.withLock { counts in
            counts.retries += 1
            return counts
        }
        self.recorder.count("service_retried")
        self.recorder.note(
            .retried(
                RetryReading(
                    process: self.process,
                    callee: self.callee,
                    requestID: CallScope.current.requestID ?? "",
                    retries: counts.retries,
                    successes: counts.successes
                )
            )
        )
    }

    func gaveUp(_ method: String) {
        let requestID = CallScope.current.requestID ?? ""
        self.recorder.note(.gaveUp(process: self.process, requestID: requestID))
    }
}

/// Notes every attempt that is given more time than the call that it is made for.
private struct DeadlineWatch: Channel {
    let base: any Channel
    let timeline: Timeline
    let recorder: HistoryRecorder

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        self.look(at: call)
        return try await self.base.unary(call, message)
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        self.look(at: call)
        return try await self.base.open(call)
    }

    private func look(at call: OutgoingCall) {
        guard let deadline = CallScope.current.deadline else { return }
        let end = call.timeout.map { self.timeline.now.advanced(by: $0) }
        if let end, end <= deadline { return }
        self.recorder.note(.counted(metric: NeverCountedOracle.deadlineExceedsCaller))
    }
}
