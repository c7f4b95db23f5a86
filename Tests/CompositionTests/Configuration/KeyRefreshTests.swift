import Logging
import Simulation
import Synchronization
import TestSupport
import Testing
import TransportCore

@testable import Composition

@Suite("The refresh of users' public keys", .timeLimit(.minutes(10)))
struct KeyRefreshTests {
    private static let pace = KeyRefresh.Pace(
        interval: .seconds(300),
        afterFailure: .seconds(10)
    )

    /// Runs a refresh against `answers`, the last of them repeated, and returns the times of the
    /// reads.
    private static func moments(
        _ answers: [[UInt8]?],
        until end: Duration
    ) throws -> (reads: [Duration], isTaken: [Bool]) {
        try Simulation.run(seed: 1, options: .calm) { simulation in
            let clock = simulation.clock
            let credentials = try Self.credentials()
            let reads = Mutex<[Duration]>([])
            let refresh = KeyRefresh(
                of: credentials,
                timeline: Timeline(clock),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                pace: Self.pace
            ) {
                let count = reads.withLock { reads in
                    reads.append(clock.now.sinceStart)
                    return reads.count
                }
                guard let answer = answers[min(count, answers.count) - 1] else { throw Away() }
                return answer
            }
            let task = Task { await refresh.run() }
            var isTaken: [Bool] = []
            while clock.now.sinceStart < end {
                try await clock.sleep(until: clock.now.advanced(by: .seconds(1)))
                let claims = try? credentials.userVerifier.verify(PyJWT.edDSA, at: 1_700_000_001)
                isTaken.append(claims != nil)
            }
            task.cancel()
            await task.value
            return (reads.withLock { $0 }, isTaken)
        }.outcome.get()
    }

    private struct Away: Error {}

    private static func credentials() throws -> Credentials {
        let values = [
            "JWT_SECRET_KEY": RunningSystem.secret, "JWT_ALGORITHM": "EdDSA",
            "JWT_JWKS_URL": "https://login.example/jwks.json",
        ]
        return try Credentials(Variables(values) { _ in nil })
    }

    private static let good = Array(PyJWT.jwksText.utf8)

    @Test("keys are read at the start, and then at long intervals")
    func reads() throws {
        let (reads, isTaken) = try Self.moments([Self.good], until: .seconds(550))
        #expect(reads == [.zero, .seconds(300)])
        #expect(isTaken.allSatisfy { $0 })
    }

    @Test("after a failure they are read again soon, until it succeeds")
    func readsAgain() throws {
        let (reads, isTaken) = try Self.moments([nil, nil, Self.good], until: .seconds(25))
        #expect(reads == [.zero, .seconds(10), .seconds(20)])
        #expect(isTaken.first == false)
        #expect(isTaken.last == true)
    }

    @Test("the current keys stay when reading fails or the result is no key set")
    func keeps() throws {
        for bad in [nil, Array("{}".utf8), Array(#"{"keys":[]}"#.utf8)] {
            let (reads, isTaken) = try Self.moments([Self.good, bad], until: .seconds(400))
            #expect(reads.prefix(3) == [.zero, .seconds(300), .seconds(310)])
            #expect(isTaken.allSatisfy { $0 })
        }
    }

    @Test("a serving process reads every five minutes, and ten seconds after a failure")
    func standard() { #expect(KeyRefresh.Pace.standard == Self.pace) }
}

extension SimulationOptions {
    /// Runs every job as soon as it is ready.
    fileprivate static var calm: SimulationOptions {
        var options = SimulationOptions()
        options.jitter = .none
        // OpenSSL uses random numbers to check RSA keys.
        options.leaks = .answer
        return options
    }
}
