/// A message's progress on its link, for which a picture draws an arrow.
package struct LinkEvent: Hashable, Sendable {
    /// The id of the call, which its request, its reply and their duplicates share.
    package let call: UInt64
    /// The sending process, such as `payment-1`.
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
        /// The message came after its receiver had given up.
        case late
        case reset
        /// The receiver had no server.
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
