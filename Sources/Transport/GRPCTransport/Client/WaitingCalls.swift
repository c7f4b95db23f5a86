import NIOCore
import TransportCore

/// The calls of a lane that wait for a connection, or for room on one.
///
/// First come, first served; but a call that has waited for half of its time lets the others go
/// first. When there is more to do than a server can, the oldest calls would be answered too late
/// and take the place of those that would not.
struct WaitingCalls {
    private var patient = CircularBuffer<ClientCall>()
    private var late = CircularBuffer<ClientCall>()
    private var nextLook = NIODeadline.uptimeNanoseconds(0)
    private static let lookInterval = TimeAmount.milliseconds(50)

    var count: Int { self.patient.count + self.late.count }
    var isEmpty: Bool { self.count == 0 }

    mutating func append(_ call: ClientCall) { self.patient.append(call) }

    /// Takes the next call that is not over.
    mutating func popFirst(at now: NIODeadline) -> ClientCall? {
        while let call = self.patient.popFirst() {
            if call.isOver { continue }
            if !call.isLate(at: now) { return call }
            self.late.append(call)
        }
        while let call = self.late.popFirst() {
            if !call.isOver { return call }
        }
        return nil
    }

    /// `call` was taken and is next again.
    mutating func putBack(_ call: ClientCall, at now: NIODeadline) {
        if call.isLate(at: now) { self.late.prepend(call) } else { self.patient.prepend(call) }
    }

    /// Whether less than `max` wait.
    ///
    /// Those whose callers have left count only until somebody needs their places. All of them are
    /// looked at for that, so not for each call that is turned away.
    mutating func hasRoom(max: Int, at now: NIODeadline) -> Bool {
        guard self.count >= max, now >= self.nextLook else { return self.count < max }
        self.nextLook = now + Self.lookInterval
        self.patient.removeAll(where: \.isOver)
        self.late.removeAll(where: \.isOver)
        return self.count < max
    }

    /// Takes all out, or those that would not wait for a connection; the oldest first.
    mutating func remove(all: Bool) -> [ClientCall] {
        let calls = Array(self.late) + Array(self.patient)
        self.late.removeAll { all || !$0.call.waitForReady }
        self.patient.removeAll { all || !$0.call.waitForReady }
        return calls.filter { all || !$0.call.waitForReady }
    }
}
