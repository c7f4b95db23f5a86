import Checkers
import Composition
import DrillEngine
import Foundation
import Scenarios
import TransportCore

/// A process of the system: it starts, drains, dies, stands still and comes back.
actor LiveProcess: WorldProcess {
    nonisolated let placement: ProcessPlacement
    nonisolated let output = OutputTail()

    private static let startMax = Duration.seconds(30)
    private static let drainMax = Duration.seconds(8)
    private static let step = Duration.milliseconds(10)
    private static let crashRetry = Duration.milliseconds(20)

    private let executable: String
    private let environment: @Sendable () -> [String: String]
    private let dependencies: LiveDependencies
    private var child: Process?
    private var isPaused = false
    /// The number of its ends that are under way.
    private var ends = 0
    private var badEnd: String?

    /// A process that is still to be started; `environment` is read each time.
    init(
        _ placement: ProcessPlacement,
        executable: String,
        environment: @escaping @Sendable () -> [String: String],
        _ dependencies: LiveDependencies
    ) {
        self.placement = placement
        self.executable = executable
        self.environment = environment
        self.dependencies = dependencies
    }

    nonisolated var identity: Node { Node(self.placement.name) }

    nonisolated var service: ServiceName { self.placement.service }

    var isUp: Bool { self.child?.isRunning ?? false }

    var isChanging: Bool { self.ends > 0 }

    /// True when it says so over HTTP: a gateway of all services, the others of themselves.
    nonisolated var isWell: Bool {
        get async { await self.dependencies.saysServing(at: self.placement.health) }
    }

    /// The unexpected end of the process, with its last words; nil when it ended as it should.
    var unexpectedEnd: String? {
        self.noteOwnEnd()
        return self.badEnd
    }

    func start() async {
        do {
            try await self.startUp()
        } catch is CancellationError {
            // The run is over: healing starts what is down.
        } catch {
            self.dependencies.recorder.fail("\(error)")
        }
    }

    func heal() async {
        self.resume()
        await self.start()
    }

    nonisolated func strike(_ fault: ProcessFault) {
        switch fault.plan.kind {
        case .procCrash(let restartAfter, _):
            fault.later { await self.crash(fault, restartAfter) }
        case .procPause: fault.later { await self.pause(fault) }
        default: break
        }
    }

    nonisolated func revert(_ fault: ProcessFault) {
        if fault.plan.kind == .procPause { fault.later { await self.resume() } }
    }

    /// Starts it unless it runs, and returns when it answers.
    ///
    /// - Throws: ``LiveFailure`` with its last words when it does not come up.
    private func startUp() async throws {
        // Its ports are its own until it has ended.
        while self.ends > 0 { try await Task.sleep(for: Self.step) }
        self.noteOwnEnd()
        guard !self.isUp else { return }
        let name = self.identity.process
        self.dependencies.recorder.note(.process(name: name, .started))
        let child = self.makeChild()
        do {
            try child.run()
        } catch {
            throw LiveFailure("\(name) could not be started: \(error)")
        }
        self.child = child
        await self.dependencies.reaper.began(child.processIdentifier)
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: Self.startMax)
        while child.isRunning, clock.now < end {
            if await self.dependencies.answersHealth(at: self.placement.health) {
                // Somebody else may answer there.
                guard child.isRunning else { break }
                self.dependencies.recorder.note(.process(name: name, .serving))
                return
            }
            try await Task.sleep(for: Self.step)
        }
        // It may have been ended on purpose meanwhile, which is no failure to start.
        guard self.child === child else { return }
        throw LiveFailure("\(name) did not come up:\n\(self.output.text())")
    }

    private func crash(_ fault: ProcessFault, _ restartAfter: Duration?) async {
        // A process that is down is struck when it comes back: otherwise the fault would do nothing.
        while true {
            if fault.isTooLate { return }
            if await self.crash() { break }
            guard (try? await Task.sleep(for: Self.crashRetry)) != nil else { return }
        }
        fault.markEffective()
        guard let restartAfter, (try? await Task.sleep(for: restartAfter)) != nil else { return }
        await self.start()
    }

    /// SIGKILL; says whether it ran.
    private func crash() async -> Bool {
        guard let child = self.take() else { return false }
        self.ends += 1
        defer { self.ends -= 1 }
        self.dependencies.recorder.note(.process(name: self.identity.process, .crashed))
        await self.kill(child)
        return true
    }

    /// SIGTERM, and waits for the end; SIGKILL when that takes too long.
    func drain() async -> Bool {
        self.resume()
        guard let child = self.take() else { return false }
        self.ends += 1
        defer { self.ends -= 1 }
        self.dependencies.recorder.note(.process(name: self.identity.process, .draining))
        self.send(SIGTERM, to: child)
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: Self.drainMax)
        while child.isRunning, clock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: Self.step)
        }
        if !child.isRunning, !child.endedWell { self.noteBadEnd(of: child) }
        await self.kill(child)
        self.dependencies.recorder.note(.process(name: self.identity.process, .stopped))
        return true
    }

    /// SIGSTOP, if it runs.
    private func pause(_ fault: ProcessFault) {
        guard !fault.isTooLate, let child = self.child, child.isRunning, !self.isPaused else {
            return
        }
        self.isPaused = true
        self.send(SIGSTOP, to: child)
        self.dependencies.recorder.note(.process(name: self.identity.process, .paused))
        fault.markEffective()
    }

    /// SIGCONT, if it stands still.
    private func resume() {
        guard self.isPaused else { return }
        self.isPaused = false
        if let child = self.child { self.send(SIGCONT, to: child) }
        self.dependencies.recorder.note(.process(name: self.identity.process, .resumed))
    }

    private func take() -> Process? {
        self.noteOwnEnd()
        defer {
            self.child = nil
            self.isPaused = false
        }
        return self.child.flatMap { $0.isRunning ? $0 : nil }
    }

    private func noteOwnEnd() {
        guard let child = self.child, !child.isRunning else { return }
        self.child = nil
        self.noteBadEnd(of: child)
    }

    private func noteBadEnd(of child: Process) {
        let how = child.terminationReason == .exit ? "with code" : "by signal"
        let sentence = "\(self.identity.process) ended \(how) \(child.terminationStatus)"
        self.badEnd = self.badEnd ?? "\(sentence):\n\(self.output.text())"
    }

    private func kill(_ child: Process) async {
        self.send(SIGKILL, to: child)
        // It ends at once, whatever becomes of the task that waits.
        while child.isRunning { await self.restBriefly() }
        await self.dependencies.reaper.ended(child.processIdentifier)
    }

    private func restBriefly() async {
        do {
            try await Task.sleep(for: .milliseconds(2))
        } catch {
            await Task.yield()
        }
    }

    /// The number is the child's own until it was waited for.
    private func send(_ signal: Int32, to child: Process) {
        if child.isRunning { Foundation.kill(child.processIdentifier, signal) }
    }

    private func makeChild() -> Process {
        let child = Process()
        let pipe = Pipe()
        let output = self.output
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let bytes = handle.availableData
            if bytes.isEmpty { handle.readabilityHandler = nil } else { output.append(bytes) }
        }
        let command = self.placement.host.starting(self.executable)
        child.executableURL = URL(fileURLWithPath: command[0])
        child.arguments =
            command.dropFirst() + [
                "--transport", "grpc", "--service", self.placement.service.rawValue,
            ]
        var environment = self.environment()
        environment["PATH"] = self.placement.host.searchPath
        child.environment = environment
        child.standardInput = FileHandle.nullDevice
        child.standardOutput = pipe
        child.standardError = pipe
        return child
    }
}

extension Process {
    /// True when it ended as SIGTERM ends it: drained, or too young to have heard of it.
    fileprivate var endedWell: Bool {
        self.terminationStatus == (self.terminationReason == .exit ? 0 : SIGTERM)
    }
}

/// Why a live run could not go on, for a person.
struct LiveFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
