import NIOCore
import NIOPosix
import Testing
import TransportCore

@testable import GRPCTransport

@Suite("Calls that wait for a connection", .timeLimit(.minutes(10)))
struct WaitingCallsTests {
    /// Queues calls with `timeouts`; returns their indices in the order in which they are taken
    /// `offset` later.
    private func order(
        _ timeouts: [Duration?],
        after offset: TimeAmount,
        abort: Int? = nil
    ) async throws -> [Int] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await loop.submit {
            let calls = timeouts.map { Self.call($0, loop) }
            var waiting = WaitingCalls()
            for call in calls { waiting.append(call) }
            if let abort { calls[abort].abort(.callerGone) }
            let now = NIODeadline.now() + offset
            var order: [Int] = []
            while let next = waiting.popFirst(at: now) {
                order.append(calls.firstIndex { $0 === next } ?? -1)
            }
            for call in calls { call.abort(.callerGone) }
            return order
        }.get()
    }

    private static func call(_ timeout: Duration?, _ loop: any EventLoop) -> ClientCall {
        let call = ClientCall(
            OutgoingCall(method: "a.S/X", timeout: timeout),
            .stream(ResponseStream { _ in }),
            TransportLimits()
        )
        call.startDeadline(on: loop)
        return call
    }

    @Test("first come, first served")
    func order() async throws {
        let timeouts: [Duration?] = [.seconds(60), nil, .seconds(100)]
        #expect(try await self.order(timeouts, after: .seconds(1)) == [0, 1, 2])
    }

    @Test("a call that has waited half of its time goes last, but is not lost")
    func late() async throws {
        let timeouts: [Duration?] = [.seconds(60), .seconds(300), .seconds(50), nil]
        #expect(try await self.order(timeouts, after: .seconds(40)) == [1, 3, 0, 2])
    }

    @Test("a call without a deadline is never late")
    func patient() async throws {
        #expect(try await self.order([nil, nil], after: .hours(9)) == [0, 1])
    }

    @Test("a cancelled call is skipped")
    func over() async throws {
        let timeouts: [Duration?] = [.seconds(60), .seconds(60), .seconds(60)]
        #expect(try await self.order(timeouts, after: .zero, abort: 1) == [0, 2])
    }

    @Test("a full queue is compacted now and then, not for each refused call")
    func searched() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answers = try await loop.submit {
            let calls = (0..<16).map { _ in Self.call(nil, loop) }
            var waiting = WaitingCalls()
            for call in calls { waiting.append(call) }
            let now = NIODeadline.now()
            var answers = [waiting.hasRoom(max: 16, at: now)]
            for call in calls { call.abort(.callerGone) }
            for wait in [1, 49, 50] {
                answers.append(waiting.hasRoom(max: 16, at: now + .milliseconds(Int64(wait))))
            }
            return answers + [waiting.isEmpty]
        }.get()
        #expect(answers == [false, false, false, true, true])
    }

    @Test("a call that could not be sent is next again")
    func putBack() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let isSame = try await loop.submit {
            let calls = [Self.call(.seconds(60), loop), Self.call(.seconds(60), loop)]
            var waiting = WaitingCalls()
            for call in calls { waiting.append(call) }
            let now = NIODeadline.now()
            guard let first = waiting.popFirst(at: now) else { return false }
            waiting.putBack(first, at: now)
            defer { for call in calls { call.abort(.callerGone) } }
            return waiting.popFirst(at: now) === first && waiting.count == 1
        }.get()
        #expect(isSame)
    }

    @Test("when all addresses have failed, calls that wait for ready stay")
    func remove() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let counts = try await loop.submit {
            var waiting = WaitingCalls()
            var patient = OutgoingCall(method: "a.S/X")
            patient.waitForReady = true
            for call in [OutgoingCall(method: "a.S/X"), patient] {
                waiting.append(
                    ClientCall(call, .stream(ResponseStream { _ in }), TransportLimits())
                )
            }
            return [
                waiting.remove(all: false).count, waiting.count, waiting.remove(all: true).count,
            ]
        }.get()
        #expect(counts == [1, 1, 1])
    }
}
