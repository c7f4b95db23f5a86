import Synchronization
import TransportCore

/// Answers calls from a list, and notes what came.
final class ScriptedChannel: Channel {
    /// One answer, and how long it takes.
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

    /// A call that came, when, and whether its caller left before the answer.
    struct Attempt: Sendable {
        let call: OutgoingCall
        let moment: Duration
        var isCancelled = false
    }

    private let answers: [Answer]
    private let timeline: Timeline
    private let noted = Mutex<[Attempt]>([])

    /// A channel that gives `answers` in order, and the last of them again and again.
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
    /// How `call` ends, with an empty message.
    func outcome(of call: OutgoingCall) async -> Result<[UInt8], RPCError> {
        do throws(RPCError) {
            return .success(try await self.unary(call, []).message)
        } catch {
            return .failure(error)
        }
    }
}

extension Result where Failure == RPCError {
    /// How it failed, if it did.
    var error: RPCError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
