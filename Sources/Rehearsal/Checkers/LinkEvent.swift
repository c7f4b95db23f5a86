/// The fate of a message on its link; a picture draws an arrow for it.
package struct LinkEvent: Hashable, Sendable {
    /// Names the call: its request, its reply and their duplicates share it.
    package let call: UInt64
    /// Processes, such as `payment-1`.
    package let from: String
    package let to: String
    package let phase: Phase
    package let fate: Fate
    /// `package.Service/Method`.
    package let method: String
    /// The request on whose behalf the call is made; empty when there is none.
    package let requestID: String

    package enum Phase: String, Hashable, Sendable {
        case request
        case reply
        case cancellation
        case message
    }

    package enum Fate: String, Hashable, Sendable {
        case sent
        case delivered
        case lost
        /// A second delivery of the same message.
        case duplicated
        /// It came after its receiver had given up.
        case late
        case reset
        /// No server was there.
        case refused
        case mangled
    }

    package init(
        call: UInt64,
        from: String,
        to: String,
        phase: Phase,
        fate: Fate,
        method: String,
        requestID: String
    ) {
        self.call = call
        self.from = from
        self.to = to
        self.phase = phase
        self.fate = fate
        self.method = method
        self.requestID = requestID
    }
}
