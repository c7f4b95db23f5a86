import Synchronization
import TransportCore

/// Answers calls from a list and records them.
final class ScriptedChannel: Channel {
    /// An answer and its delay.
    struct Answer: Sendable {
        let result: Result<[UInt8], RPCError>
        let delay: Duration

        static func reply(_ message: [UInt8], after delay: Duration = .zero) -> Answer {
            Answer(result: .success(message), delay: delay)
        }

        static func failure(_ error: RPCError, after delay: Duration = .zero) -> Answer {
            Answer(result: .failure(error), delay: delay)
        }
    }

    /// A recorded call, its time, and whether its caller left before the answer.
    struct Attempt: Sendable {
        let call: OutgoingCall
        let moment: Duration
        var isCancelled = false
    }

    private let answers: [Answer]
    private let timeline: Timeline
    private let noted = Mutex<[Attempt]>([])

    /// Creates a channel that gives `answers` in order and repeats the last.
    init(_ answers: [Answer], _ timeline: Timeline) {
        self.answers = answers
        self.timeline = timeline
    }

    var attempts: [Attempt] { self.noted.withLock { $0 } }

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        UnaryReply(try await self.answer(call))
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        _ = try await self.answer(call)
        throw RPCError(.unimplemented, "no stream is in the script")
    }

    private func answer(_ call: OutgoingCall) async throws(RPCError) -> [UInt8] {
        let number = self.note(call)
        let answer = self.answers[min(number, self.answers.count - 1)]
        do {
            try await self.timeline.sleep(for: answer.delay)
        } catch {
            self.noted.withLock { $0[number].isCancelled = true }
            throw RPCError(.cancelled, "the caller left")
        }
        return try answer.result.get()
    }

    private func note(_ call: OutgoingCall) -> Int {
        let moment = Duration.nanoseconds(self.timeline.now.nanoseconds)
        return self.noted.withLock { attempts in
            attempts.append(Attempt(call: call, moment: moment))
            return attempts.count - 1
        }
    }
}

extension Channel {
    /// The result of `call` with an empty message.
    func outcome(of call: OutgoingCall) async -> Result<[UInt8], RPCError> {
        do throws(RPCError) {
            return .success(try await self.unary(call, []).message)
        } catch {
            return .failure(error)
        }
    }
}

extension Result where Failure == RPCError {
    /// The error of a failure, or nil.
    var error: RPCError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
