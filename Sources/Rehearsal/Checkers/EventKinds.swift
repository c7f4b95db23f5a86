/// The kinds of events that an oracle asks for.
package struct EventKinds: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let invoked = Self(rawValue: 1 << 0)
    package static let tried = Self(rawValue: 1 << 1)
    package static let returned = Self(rawValue: 1 << 2)
    package static let committed = Self(rawValue: 1 << 3)
    package static let balances = Self(rawValue: 1 << 4)
    package static let judged = Self(rawValue: 1 << 5)
    package static let probed = Self(rawValue: 1 << 6)
    package static let process = Self(rawValue: 1 << 7)
    package static let fault = Self(rawValue: 1 << 8)
    package static let counted = Self(rawValue: 1 << 9)
    /// Messages that are sent and arrive undisturbed; most of a history.
    package static let usualMessage = Self(rawValue: 1 << 10)
    /// All other messages, such as lost, late and duplicated ones.
    package static let unusualMessage = Self(rawValue: 1 << 11)

    package static let retried = Self(rawValue: 1 << 12)
    package static let gaveUp = Self(rawValue: 1 << 13)

    package static let operations: Self = [.invoked, .tried, .returned]
    package static let all = Self(rawValue: (1 << 14) - 1)
}

extension HistoryEvent {
    /// The event's kind.
    package var kind: EventKinds {
        switch self.what {
        case .invoked: .invoked
        case .tried: .tried
        case .returned: .returned
        case .committed: .committed
        case .balances: .balances
        case .judged: .judged
        case .probed: .probed
        case .process: .process
        case .fault: .fault
        case .retried: .retried
        case .gaveUp: .gaveUp
        case .counted: .counted
        case .linkMessage(let link): link.isUsual ? .usualMessage : .unusualMessage
        }
    }
}

extension LinkEvent {
    /// True when the message was sent or delivered undisturbed.
    var isUsual: Bool {
        (self.fate == .sent || self.fate == .delivered) && self.phase != .cancellation
    }
}
