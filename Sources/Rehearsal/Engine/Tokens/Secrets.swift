package import Composition
import Synchronization

/// The secret of a run and its predecessor or successor, as every process reads them at its start.
package final class Secrets: Sendable {
    private let state: Mutex<State>
    private let make: @Sendable (_ generation: Int) -> String
    private let settings: [String: String]

    /// Secrets of services; of users too, unless `settings` name an identity provider.
    ///
    /// `settings` are the rest of every process's environment; `make` makes a secret.
    package init(
        settings: [String: String] = [:],
        make: @escaping @Sendable (_ generation: Int) -> String = {
            "rehearsal-secret-\($0)-k7Qz2vN9xR4tB8wL"
        }
    ) {
        self.settings = settings
        self.make = make
        self.state = Mutex(State(current: make(1)))
    }

    private struct State {
        var current: String
        var other: String?
        /// The last secret that no process takes any more.
        var retired: String?
        /// The former secret, while the last processes that take it are restarted.
        var leaving: String?
        var generation = 1
        var isRotating = false
        /// The credentials in use, at most one for each service.
        var minting: [ServiceName: Minting] = [:]
    }

    /// The makers of tokens for as long as the secrets are these.
    private struct Minting {
        let environment: [String: String]
        let credentials: Credentials
    }

    /// The environment of a process that starts now.
    var environment: [String: String] {
        var values = ["REFLECTION": "off", "LEDGER_DATA": "simulated"]
        values.merge(self.keys) { $1 }
        values.merge(self.settings) { $1 }
        return values
    }

    /// The keys that are secret.
    package var keys: [String: String] {
        self.state.withLock { state in
            var values = ["JWT_SECRET_KEY": state.current]
            values["JWT_SECRET_KEY_PREVIOUS"] = state.other
            return values
        }
    }

    /// True when a rotation has begun and not ended.
    package var isRotating: Bool { self.state.withLock { $0.isRotating } }

    /// Replaces the secret without a moment at which a good token is refused: first every process takes
    /// the next one, then every process signs with it, and at last none takes the former.
    ///
    /// One rotation waits for another to end. One that is cancelled stays where it is.
    ///
    /// - Parameters:
    ///   - overlap: How long the former is taken after it has signed for the last time.
    ///   - retry: How often to look whether another has ended.
    ///   - pause: Waits; false when the run is over.
    ///   - restartAll: Restarts every process in turn.
    /// - Returns: whether it came to its end.
    package func rotate(
        overlap: Duration,
        retry: Duration,
        pause: (Duration) async -> Bool,
        restartAll: () async -> Void
    ) async -> Bool {
        while !self.begin() {
            guard await pause(retry) else { return false }
        }
        defer { self.end() }
        self.announce()
        await restartAll()
        self.swap()
        await restartAll()
        _ = await pause(overlap)
        self.retire()
        await restartAll()
        return !Task.isCancelled
    }

    /// Begins a rotation; false when another has not ended.
    func begin() -> Bool {
        self.state.withLock { state in
            defer { state.isRotating = true }
            return !state.isRotating
        }
    }

    /// Ends a rotation: every process runs with the new secret alone, unless it was cancelled.
    func end() {
        let isWhole = !Task.isCancelled
        self.state.withLock { state in
            state.isRotating = false
            if isWhole { state.retired = state.leaving ?? state.retired }
            state.leaving = nil
        }
    }

    /// First of three steps: the next secret is taken, and the present one still signs.
    func announce() {
        self.state.withLock { state in
            state.generation += 1
            state.other = self.make(state.generation)
        }
    }

    /// Second step: the next secret signs, and the former is still taken.
    ///
    /// A rotation that is cancelled stays where it is: not every process knows this step's secret.
    func swap() {
        guard !Task.isCancelled else { return }
        self.state.withLock { state in
            guard let next = state.other else { return }
            state.other = state.current
            state.current = next
        }
    }

    /// Third step: the former is taken no more.
    func retire() {
        guard !Task.isCancelled else { return }
        self.state.withLock { state in
            state.leaving = state.other
            state.other = nil
        }
    }

    /// True when no process takes tokens of some former secret any more.
    package var hasRetired: Bool { self.state.withLock { $0.retired != nil } }

    /// The secret that signs now.
    package var current: String { self.state.withLock { $0.current } }

    /// True when tokens of `secret` are still good.
    package func takes(_ secret: String) -> Bool {
        self.state.withLock { $0.current == secret || $0.other == secret }
    }

    /// The configuration of a process that starts now and runs `service`.
    package func configuration(
        _ service: ServiceName
    ) throws(ConfigurationProblem) -> SystemConfiguration {
        try SystemConfiguration(Variables(self.environment) { _ in nil }, services: [service])
    }

    /// The same with the secret that is taken no more.
    package func retiredConfiguration(
        _ service: ServiceName
    ) throws(ConfigurationProblem) -> SystemConfiguration {
        var values = self.environment
        values["JWT_SECRET_KEY"] = self.state.withLock { $0.retired } ?? values["JWT_SECRET_KEY"]
        return try SystemConfiguration(Variables(values) { _ in nil }, services: [service])
    }

    /// The credentials of an outsider that acts for `service`; a process reads its own.
    package func credentials(_ service: ServiceName) throws(ConfigurationProblem) -> Credentials {
        let environment = self.environment
        let known = self.state.withLock { $0.minting[service] }
        if let known, known.environment == environment { return known.credentials }
        let credentials = try self.configuration(service).credentials
        let minting = Minting(environment: environment, credentials: credentials)
        self.state.withLock { $0.minting[service] = minting }
        return credentials
    }
}
