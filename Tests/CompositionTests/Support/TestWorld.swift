import Composition
import Identity
import Logging
import Synchronization
import TransportCore

/// The wall clock and the random bytes of a test.
final class TestWorld: Sendable {
    static let start: UnixSeconds = 1_800_000_000

    private let state = Mutex((now: TestWorld.start, draws: UInt64(0)))

    var now: UnixSeconds { self.state.withLock { $0.now } }

    func advance(by seconds: Int64) { self.state.withLock { $0.now += seconds } }

    /// Bytes that never repeat within a test.
    func randomBytes(_ count: Int) -> [UInt8] {
        let draw = self.state.withLock { state in
            state.draws += 1
            return state.draws
        }
        return (0..<count).map { UInt8(truncatingIfNeeded: draw >> (8 * UInt64($0 % 8))) }
    }

    func dependencies(_ transport: any Transport, _ timeline: Timeline) -> ServiceDependencies {
        ServiceDependencies(
            transport: transport,
            timeline: timeline,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            unixTime: { self.now },
            randomBytes: { self.randomBytes($0) }
        )
    }
}
