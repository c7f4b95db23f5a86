import TransportCore

/// The life of the connection to one address, without sockets and timers.
///
/// Each input returns the action that its owner performs.
struct SubchannelState<Connection: AnyObject> {
    private enum Phase {
        case idle
        /// Connecting the socket, or waiting for SETTINGS; the connection once there is a socket.
        case connecting(Connection?)
        /// `isServing` is nil until the server has reported its health.
        case ready(Connection, isServing: Bool?)
        case backingOff
        case stopped
    }

    enum Action: Equatable {
        case none
        /// Begin an attempt; a wait for one ends.
        case connect
        /// Wait as after `failures` failed attempts in a row, then call ``waitEnded()``.
        case backOff(failures: Int)
        /// Look the address up again; the next call connects.
        case reportLost
        /// Send calls.
        case reportServing
        /// Send no calls.
        case reportUnhealthy
        /// Close the connection of this input.
        case close
    }

    private var phase = Phase.idle

    /// Failed attempts in a row.
    private var failures = 0

    /// Connections in a row that ended at once without an answer.
    private var briefConnections = 0

    /// The last failure, until the address is ready again.
    ///
    /// While it is set, calls that do not wait for ready fail at once (gRFC A62).
    private(set) var failure: RPCError?

    /// The connection, once the server has sent its SETTINGS.
    var ready: Connection? {
        if case .ready(let connection, _) = self.phase { connection } else { nil }
    }

    /// True for a ready connection to a server that serves.
    var isServing: Bool {
        if case .ready(_, isServing: true) = self.phase { true } else { false }
    }

    var isStopped: Bool {
        if case .stopped = self.phase { true } else { false }
    }

    // MARK: Inputs of the owner

    /// A call wants a connection.
    mutating func connect() -> Action {
        guard case .idle = self.phase else { return .none }
        self.phase = .connecting(nil)
        return .connect
    }

    /// Another event loop has reached the address: calls wait for an attempt that begins now.
    ///
    /// An address whose last connection ended at once is left to its wait, and what a ready server
    /// says of its health stands.
    mutating func hasten() -> Action {
        guard self.briefConnections == 0, self.ready == nil else { return .none }
        self.failure = nil
        guard case .backingOff = self.phase else { return .none }
        self.failures = 0
        self.phase = .connecting(nil)
        return .connect
    }

    /// The wait of ``Action/backOff(failures:)`` is over.
    mutating func waitEnded() -> Action {
        guard case .backingOff = self.phase else { return .none }
        self.phase = .connecting(nil)
        return .connect
    }

    /// Ends every later input with no action; returns the connection that the owner ends.
    mutating func stop() -> Connection? {
        defer { self.phase = .stopped }
        switch self.phase {
        case .connecting(let connection): return connection
        case .ready(let connection, _): return connection
        case .idle, .backingOff, .stopped: return nil
        }
    }

    // MARK: Inputs of the attempt and the connection

    /// The attempt has a socket.
    mutating func opened(_ connection: Connection) -> Action {
        guard case .connecting = self.phase else { return .close }
        self.phase = .connecting(connection)
        return .none
    }

    /// The attempt failed before the server sent its SETTINGS.
    mutating func attemptFailed(_ error: RPCError) -> Action {
        guard case .connecting = self.phase else { return .none }
        self.failures += 1
        return self.backOff(failures: self.failures, error)
    }

    /// The server sent its SETTINGS; its health is to be reported when `hasHealthCheck`.
    mutating func becameReady(_ connection: Connection, hasHealthCheck: Bool) -> Action {
        guard case .connecting = self.phase else { return .close }
        self.phase = .ready(connection, isServing: hasHealthCheck ? nil : true)
        self.failure = nil
        self.failures = 0
        return hasHealthCheck ? .none : .reportServing
    }

    /// The server reported its health; `error` is what calls get while it does not serve.
    mutating func healthChanged(_ isServing: Bool, _ error: RPCError) -> Action {
        guard case .ready(let connection, let before) = self.phase, before != isServing else {
            return .none
        }
        self.phase = .ready(connection, isServing: isServing)
        self.failure = isServing ? nil : error
        return isServing ? .reportServing : .reportUnhealthy
    }

    /// The connection takes no more calls.
    ///
    /// The next call connects again. After two connections in a row that were of no use, the
    /// address backs off: a peer that ends each connection at once is not flooded with them.
    mutating func ended(_ connection: Connection, wasOfUse: Bool, _ error: RPCError) -> Action {
        guard let current = self.ready, current === connection else {
            return self.attemptFailed(error)
        }
        self.briefConnections = wasOfUse ? 0 : self.briefConnections + 1
        guard self.briefConnections < 2 else {
            return self.backOff(failures: self.briefConnections - 1, error)
        }
        // A health report ends with its connection: the next server may serve.
        self.failure = nil
        self.phase = .idle
        return .reportLost
    }

    private mutating func backOff(failures: Int, _ error: RPCError) -> Action {
        self.phase = .backingOff
        self.failure = error
        return .backOff(failures: failures)
    }
}
