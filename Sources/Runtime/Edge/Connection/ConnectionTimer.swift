internal import NIOCore

/// Runs a connection's timeouts with at most one scheduled task on its event loop.
///
/// A finished wait leaves its task scheduled. When the task fires, it checks the current wait's
/// deadline, so a busy connection schedules rarely rather than for each request.
final class ConnectionTimer {
    private let loop: NIOIsolatedEventLoop
    private let expired: (ConnectionState.Wait) -> Void
    private var current: (wait: ConnectionState.Wait, deadline: NIODeadline)?
    private var scheduled: (task: Scheduled<Void>, deadline: NIODeadline)?

    /// Makes a timer; must be called and used on the event loop.
    init(loop: any EventLoop, expired: @escaping (ConnectionState.Wait) -> Void) {
        self.loop = loop.assumeIsolated()
        self.expired = expired
    }

    /// Starts the timeout of `wait` unless it runs already; nil stops the timer.
    func await(_ wait: ConnectionState.Wait?, limits: EdgeLimits) {
        guard wait != self.current?.wait else { return }
        guard let wait else {
            self.current = nil
            return
        }
        let deadline = NIODeadline.now() + TimeAmount(limits.timeout(of: wait))
        self.current = (wait, deadline)
        self.schedule(deadline)
    }

    /// Stops the timer and cancels its task, which would keep the connection alive.
    func stop() {
        self.current = nil
        self.scheduled?.task.cancel()
        self.scheduled = nil
    }

    private func schedule(_ deadline: NIODeadline) {
        if let scheduled = self.scheduled {
            guard deadline < scheduled.deadline else { return }
            scheduled.task.cancel()
        }
        self.scheduled = (self.loop.scheduleTask(deadline: deadline, self.fired), deadline)
    }

    private func fired() {
        self.scheduled = nil
        guard let current = self.current else { return }
        guard current.deadline <= .now() else { return self.schedule(current.deadline) }
        self.current = nil
        self.expired(current.wait)
    }
}

extension EdgeLimits {
    fileprivate func timeout(of wait: ConnectionState.Wait) -> Duration {
        switch wait {
        case .nextRequest: self.idleTimeout
        case .firstRequest, .head: self.headTimeout
        case .body: self.bodyTimeout
        case .answerTaken: self.answerTimeout
        case .close: self.lingerTimeout
        }
    }
}
