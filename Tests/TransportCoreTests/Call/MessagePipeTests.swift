import Synchronization
import Testing
import TransportCore

@Suite("The message pipe", .timeLimit(.minutes(10)))
struct MessagePipeTests {
    private let pipe = MessagePipe()
    private let error = RPCError(.dataLoss, "torn")

    /// The error that `next()` throws, or nil.
    private func failure(_ pipe: MessagePipe) async -> RPCError? {
        do throws(RPCError) {
            _ = try await pipe.next()
            return nil
        } catch {
            return error
        }
    }

    @Test("messages are read in order, then the end, repeatedly")
    func order() async throws {
        for byte in 0..<200 { self.pipe.push([UInt8(byte)]) }
        self.pipe.finish()
        for byte in 0..<200 { #expect(try await self.pipe.next() == [UInt8(byte)]) }
        #expect(try await self.pipe.next() == nil)
        #expect(try await self.pipe.next() == nil)
    }

    @Test("an error follows the queued messages")
    func errorLast() async throws {
        self.pipe.push([1])
        self.pipe.finish(self.error)
        #expect(try await self.pipe.next() == [1])
        #expect(await self.failure(self.pipe) == self.error)
        #expect(await self.failure(self.pipe) == self.error)
    }

    @Test("only the first end counts")
    func firstEnd() async throws {
        self.pipe.finish()
        self.pipe.finish(self.error)
        #expect(try await self.pipe.next() == nil)
    }

    @Test("messages after the end are dropped")
    func afterEnd() async throws {
        self.pipe.finish()
        self.pipe.push([1])
        #expect(await self.pipe.send([2]) == false)
        #expect(try await self.pipe.next() == nil)
    }

    @Test("abandoning discards the queue")
    func abandon() async {
        self.pipe.push([1])
        self.pipe.abandon(self.error)
        #expect(await self.failure(self.pipe) == self.error)
    }

    @Test("abandoning an ended but unread pipe replaces its good end")
    func abandonAfterEnd() async {
        self.pipe.push([1])
        self.pipe.finish()
        self.pipe.abandon(self.error)
        #expect(await self.failure(self.pipe) == self.error)
    }

    @Test("abandoning an ended and read pipe changes nothing")
    func abandonAfterAll() async throws {
        self.pipe.push([1])
        self.pipe.finish()
        #expect(try await self.pipe.next() == [1])
        self.pipe.abandon(self.error)
        #expect(try await self.pipe.next() == nil)
    }

    @Test("a waiting reader gets the message, the end or the error")
    func waitingReader() async throws {
        let endings: [(@Sendable (MessagePipe) -> Void, Result<[UInt8]?, RPCError>)] = [
            ({ $0.push([5]) }, .success([5])),
            ({ $0.finish() }, .success(nil)),
            ({ $0.finish(RPCError(.aborted, "")) }, .failure(RPCError(.aborted, ""))),
            ({ $0.abandon(RPCError(.aborted, "")) }, .failure(RPCError(.aborted, ""))),
        ]
        for (end, expected) in endings {
            let pipe = MessagePipe()
            async let result = pipe.result()
            for _ in 0..<20 { await Task.yield() }
            end(pipe)
            #expect(await result == expected)
        }
    }

    @Test("a cancelled reader gets CANCELLED, and the pipe can still be read")
    func cancelledReader() async throws {
        let pipe = self.pipe
        let reader = Task { await pipe.result() }
        for _ in 0..<20 { await Task.yield() }
        reader.cancel()
        guard case .failure(let error) = await reader.value else {
            Issue.record("the reader was not cancelled")
            return
        }
        #expect(error.code == .cancelled)
        self.pipe.push([1])
        #expect(try await self.pipe.next() == [1])
    }

    @Test("a writer waits while the pipe is full, and resumes when it is read")
    func backpressure() async throws {
        let (pipe, sent) = (self.pipe, Counter())
        let writer = Task {
            for byte in 0..<100 where await pipe.send([UInt8(byte)]) { sent.increment() }
        }
        while sent.value < MessagePipe.capacity { await Task.yield() }
        for _ in 0..<50 { await Task.yield() }
        #expect(sent.value == MessagePipe.capacity)
        for byte in 0..<100 { #expect(try await self.pipe.next() == [UInt8(byte)]) }
        await writer.value
        #expect(sent.value == 100)
    }

    @Test("a waiting writer resumes on the end, an abandon or its cancellation")
    func freedWriter() async {
        let endings: [@Sendable (MessagePipe, Task<Bool, Never>) -> Void] = [
            { pipe, _ in pipe.finish() }, { pipe, _ in pipe.abandon(RPCError(.aborted, "")) },
            { _, writer in writer.cancel() },
        ]
        for end in endings {
            let pipe = MessagePipe()
            for _ in 0..<MessagePipe.capacity { pipe.push([0]) }
            let writer = Task { await pipe.send([1]) }
            for _ in 0..<20 { await Task.yield() }
            end(pipe, writer)
            #expect(await writer.value == false)
        }
    }

    @Test("cancelling one writer leaves the others in line")
    func cancelledWriter() async throws {
        let pipe = self.pipe
        for _ in 0..<MessagePipe.capacity { pipe.push([0]) }
        let (first, second) = (Task { await pipe.send([1]) }, Task { await pipe.send([2]) })
        for _ in 0..<20 { await Task.yield() }
        first.cancel()
        #expect(await first.value == false)
        for _ in 0..<MessagePipe.capacity { _ = try await pipe.next() }
        #expect(try await pipe.next() == [2])
        #expect(await second.value)
    }

    @Test("the size of each read message is reported")
    func onTaken() async throws {
        let taken = Counter()
        let pipe = MessagePipe { taken.increment(by: $0) }
        pipe.push([1, 2, 3])
        pipe.push([])
        pipe.push([4, 5])
        #expect(taken.value == 0)
        _ = try await pipe.next()
        #expect(taken.value == 3)
        _ = try await pipe.next()
        _ = try await pipe.next()
        #expect(taken.value == 5)
    }
}

/// A counter shared by tasks.
private final class Counter: Sendable {
    private let state = Mutex(0)

    var value: Int { self.state.withLock { $0 } }

    func increment(by amount: Int = 1) { self.state.withLock { $0 += amount } }
}

extension MessagePipe {
    fileprivate func result() async -> Result<[UInt8]?, RPCError> {
        do throws(RPCError) {
            return .success(try await self.next())
        } catch {
            return .failure(error)
        }
    }
}
