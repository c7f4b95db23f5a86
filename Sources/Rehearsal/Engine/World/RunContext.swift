package import Scenarios
package import Simulation

/// The parts that everything in a run shares, in either world.
package struct RunContext: Sendable {
    package let seed: UInt64
    package let clock: any RunClock
    package let recorder: HistoryRecorder
    package let injector: FaultInjector
    package let board = EventBoard()
    package let operations = OperationBook()
    package let secrets: Secrets
    package let users: UserKeys

    /// The parts of a run of `scenario`, before anything happened.
    package init(
        _ scenario: Scenario,
        seed: UInt64,
        clock: any RunClock,
        recorder: HistoryRecorder,
        users: UserKeys
    ) {
        self.seed = seed
        self.clock = clock
        self.recorder = recorder
        self.secrets = users.secrets
        self.users = users
        self.injector = FaultInjector(
            scenario.faults,
            stream: RandomStream(seed: seed, name: "strikes"),
            note: { recorder.note($0) }
        )
    }

    /// The random stream called `name`, which follows from the seed in either world.
    package func stream(_ name: String) -> RandomStream {
        RandomStream(seed: self.seed, name: name)
    }
}
