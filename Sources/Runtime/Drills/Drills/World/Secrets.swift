import Composition
import Synchronization

/// The secret of a run and the one it takes turns with, as every process reads them when it starts.
final class Secrets: Sendable {
    private let state = Mutex(State())

    private struct State {
        var current = "rehearsal-secret-1-k7Qz2vN9xR4tB8wL"
        var other: String?
        var generation = 1
        var isRotating = false
    }

    /// The environment of a process that starts now.
    var environment: [String: String] {
        self.state.withLock { state in
            var values = ["JWT_SECRET_KEY": state.current, "REFLECTION": "off"]
            values["JWT_SECRET_KEY_PREVIOUS"] = state.other
            return values
        }
    }

    /// Begins a rotation; false when another has not ended.
    func begin() -> Bool {
        self.state.withLock { state in
            defer { state.isRotating = true }
            return !state.isRotating
        }
    }

    func end() { self.state.withLock { $0.isRotating = false } }

    /// First of three steps: the next secret is taken, and the present one still signs.
    func announce() {
        self.state.withLock { state in
            state.generation += 1
            state.other = "rehearsal-secret-\(state.generation)-k7Qz2vN9xR4tB8wL"
        }
    }

    /// Second step: the next secret signs, and the former is still taken.
    func swap() {
        self.state.withLock { state in
            guard let next = state.other else { return }
            state.other = state.current
            state.current = next
        }
    }

    /// Third step: the former is taken no more.
    func retire() { self.state.withLock { $0.other = nil } }

    /// The configuration of a process that starts now and runs `service`.
    func configuration(
        _ service: ServiceName
    ) throws(ConfigurationProblem) -> SystemConfiguration {
        try SystemConfiguration(Variables(self.environment) { _ in nil }, services: [service])
    }
}
