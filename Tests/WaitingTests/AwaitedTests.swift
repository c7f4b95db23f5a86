import Testing
import Waiting

@Suite("State that tasks wait on", .timeLimit(.minutes(10)))
struct AwaitedTests {
    @Test("a condition that holds does not wait")
    func holds() async {
        let state = Awaited(3)
        #expect(await state.first { $0 > 2 ? "three" : nil } == "three")
    }

    @Test("a change resumes the tasks whose condition then holds, and no other")
    func change() async {
        let state = Awaited(0)
        let tasks = await Self.waiters(3, of: state) { number in
            await state.first { $0 > number ? $0 : nil }
        }
        state.withLock { $0 = 2 }
        #expect(await tasks[0].value == 2)
        #expect(await tasks[1].value == 2)
        #expect(state.waiterCount == 1)
        state.withLock { $0 = 9 }
        #expect(await tasks[2].value == 9)
    }

    @Test("the value is that of the change which made the condition hold")
    func firstValue() async {
        let state = Awaited(0)
        let tasks = await Self.waiters(1, of: state) { _ in
            await state.first { $0 > 0 ? $0 : nil }
        }
        state.withLock { $0 = 1 }
        state.withLock { $0 = 2 }
        #expect(await tasks[0].value == 1)
    }

    @Test("a cancelled task gets nil, and the others go on waiting")
    func cancellation() async {
        let state = Awaited(0)
        let tasks = await Self.waiters(2, of: state) { _ in
            await state.first { $0 > 0 ? $0 : nil }
        }
        tasks[0].cancel()
        #expect(await tasks[0].value == nil)
        #expect(state.waiterCount == 1)
        state.withLock { $0 = 5 }
        #expect(await tasks[1].value == 5)
    }

    @Test("a task that is cancelled before it waits gets nil")
    func cancelledBefore() async {
        let state = Awaited(0)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await state.first { $0 > 0 ? $0 : nil }
        }
        task.cancel()
        #expect(await task.value == nil)
        #expect(state.waiterCount == 0)
    }

    @Test("a change that throws reaches its caller")
    func failure() {
        struct Refused: Error {}
        let state = Awaited(0)
        #expect(throws: Refused.self) {
            try state.withLock { _ throws(Refused) in throw Refused() }
        }
    }

    /// Starts tasks that wait, one after the other.
    private static func waiters(
        _ count: Int,
        of state: Awaited<Int>,
        _ wait: @escaping @Sendable (Int) async -> Int?
    ) async -> [Task<Int?, Never>] {
        var tasks: [Task<Int?, Never>] = []
        for number in 0..<count {
            tasks.append(Task { await wait(number) })
            while state.waiterCount <= number { await Task.yield() }
        }
        return tasks
    }
}
