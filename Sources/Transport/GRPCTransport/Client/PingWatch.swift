/// Decides when a silent server is a dead one (gRFC A8).
///
/// Pure state; times are its owner's.
struct PingWatch {
    enum Action: Hashable {
        case none
        /// Send a ping, and tell ``timeUp(_:)`` when its answer is due.
        case ping(number: Int)
    }

    private var sent = 0
    private var unanswered: Int?

    /// Anything that the server says is an answer.
    mutating func heard() { self.unanswered = nil }

    /// It is time for a ping; one at a time is out.
    mutating func intervalPassed(hasCalls: Bool) -> Action {
        guard hasCalls, self.unanswered == nil else { return .none }
        self.sent += 1
        self.unanswered = self.sent
        return .ping(number: self.sent)
    }

    /// The answer to a ping is due; true when it has not come.
    func timeUp(_ number: Int) -> Bool { self.unanswered == number }
}
