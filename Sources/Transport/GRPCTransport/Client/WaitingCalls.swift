import NIOCore
import TransportCore

/// The calls of an event-loop channel that wait for a connection, or for room on one.
///
/// First come, first served, except that a call that has waited half of its time goes last. In an
/// overload the oldest calls would otherwise be answered too late, at the cost of calls that could
/// still be in time.
struct WaitingCalls {
    private var patient = CircularBuffer<ClientCall>()
    private var late = CircularBuffer<ClientCall>()
    private var nextLook = NIODeadline.uptimeNanoseconds(0)
    private static let lookInterval = TimeAmount.milliseconds(50)

    var count: Int { self.patient.count + self.late.count }
    var isEmpty: Bool { self.count == 0 }

    mutating func append(_ call: ClientCall) { self.patient.append(call) }

    /// Takes the next call that has not ended.
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

    /// Puts `call`, just taken, back to the front.
    mutating func putBack(_ call: ClientCall, at now: NIODeadline) {
        if call.isLate(at: now) { self.late.prepend(call) } else { self.patient.prepend(call) }
    }

    /// True when fewer than `max` calls wait.
    ///
    /// Ended calls count until their places are needed. Removing them costs a scan, which is
    /// therefore rate-limited.
    mutating func hasRoom(max: Int, at now: NIODeadline) -> Bool {
        guard self.count >= max, now >= self.nextLook else { return self.count < max }
        self.nextLook = now + Self.lookInterval
        self.patient.removeAll(where: \.isOver)
        self.late.removeAll(where: \.isOver)
        return self.count < max
    }

    /// Removes all calls, or those that do not wait for ready; returns them, the oldest first.
    mutating func remove(all: Bool) -> [ClientCall] {
        let calls = Array(self.late) + Array(self.patient)
        self.late.removeAll { all || !$0.call.waitForReady }
        self.patient.removeAll { all || !$0.call.waitForReady }
        return calls.filter { all || !$0.call.waitForReady }
    }
}
