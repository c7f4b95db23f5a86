/// All that is known of one kind of fault, but for its effect.
///
/// Reader, writer, schema and documentation follow from the entries of ``all``, and so do the parts of
/// a system that a fault concerns and its use against real processes. A new kind is a case of
/// ``FaultPlan/Kind``, an entry of the table, and an effect.
package struct FaultEntry: Sendable {
    /// As files say it, such as `net.partition`.
    package let name: String
    /// The effect, in one sentence of the documentation.
    package let about: String
    package let strikes: Struck
    package let lasts: Lasting
    package let place: Place
    package let live: Live
    /// Keys that must be there, besides those that every fault has.
    package let needs: [String]
    /// Further keys that may be there.
    package let takes: [String]
    /// Definitions of the schema that narrow a key, by the key.
    package let narrows: [String: String]

    /// The kind with the arguments of an entry of a file; nil if one of them is missing or wrong.
    let read: @Sendable (FaultReader) -> FaultPlan.Kind?
    /// The arguments of a kind, as a file says them; nil for a kind of another entry.
    let write: @Sendable (FaultPlan.Kind) -> [(key: String, value: FlowText)]?

    /// The possible targets of a kind of fault.
    package enum Struck: String, Sendable {
        /// Links: `between` two sides, or all links of a `target`.
        case links
        /// Services and processes.
        case processes
        /// Services that keep something on a disk, and their processes.
        case stores
        /// Everything that presents a token: services, processes and clients.
        case callers
        /// Gateways, which judge users' tokens, and their processes.
        case judges
        /// The system; its `target` can be left out.
        case system
    }

    /// The rule on a window, the key `for`, of a kind of fault.
    package enum Lasting: Sendable {
        case must
        /// It has a window, or `times` bounds how often it strikes, or both.
        case mustOrTimes
        case may
        /// It happens at once.
        case never
    }

    /// The part of a system that carries a fault out.
    package enum Place: Sendable {
        case messages
        case connections
        /// Processes, with their clocks, their health and the keys that they are restarted with.
        case nodes
        case disks
        case names
        case tokens
        /// The public keys of users' tokens.
        case keys
    }

    /// The answer to "can real processes have it"; if not, the end of a sentence about it.
    package enum Live: Sendable {
        case yes
        case no(String)
        case onlyIf(@Sendable (FaultPlan) -> Bool, otherwise: String)
    }

    /// An entry with `step` in the place of `do`: it takes nothing but its trigger.
    package static let step = Self(
        "step",
        "Calls code of the drill.",
        .system,
        .never,
        .nodes,
        live: .no("is code that acts inside of a simulation"),
        .none,
        { FaultPlan.Kind.step("") },
        { if case .step = $0 { () } else { nil } }
    )

    /// Keys of triggers, of which a fault has exactly one.
    package static let triggers = ["at", "after", "on", "every"]

    /// Keys that belong to some kinds only.
    package static let arguments = [
        "by", "rate", "method", "status", "restart_after", "steps", "disk", "gap", "overlap",
    ]

    /// Every key that a fault can have, in the order in which it is written.
    package static let keys =
        ["id"] + triggers + [
            "delay", "jitter", "for", "do", "step", "between", "direction", "target", "by", "rate",
            "p",
            "method", "status", "restart_after", "steps", "disk", "gap", "overlap", "times",
        ]

    init<Value>(
        _ name: String,
        _ about: String,
        _ strikes: Struck,
        _ lasts: Lasting,
        _ place: Place,
        live: Live = .yes,
        _ argument: FaultArgument<Value>,
        takes: [String] = [],
        _ make: @escaping @Sendable (Value) -> FaultPlan.Kind,
        _ value: @escaping @Sendable (FaultPlan.Kind) -> Value?
    ) {
        self.name = name
        self.about = about
        self.strikes = strikes
        self.lasts = lasts
        self.place = place
        self.live = live
        self.needs = argument.needs
        self.takes = argument.takes + takes
        self.narrows = argument.narrows
        self.read = { argument.read($0).map(make) }
        self.write = { value($0).map(argument.write) }
    }

    /// A kind without arguments.
    init(
        _ name: String,
        _ about: String,
        _ strikes: Struck,
        _ lasts: Lasting,
        _ place: Place,
        live: Live = .yes,
        _ kind: FaultPlan.Kind
    ) {
        self.init(
            name,
            about,
            strikes,
            lasts,
            place,
            live: live,
            .none,
            { kind },
            {
                $0 == kind ? () : nil
            }
        )
    }

    /// True when a fault of this kind can have `key`, whatever its other keys are.
    package func allows(_ key: String) -> Bool {
        switch key {
        case "between", "direction": self.strikes == .links
        case "for": self.lasts != .never
        case "target": self.name != Self.step.name
        default:
            !Self.arguments.contains(key) || self.needs.contains(key) || self.takes.contains(key)
        }
    }
}

extension FaultPlan.Kind {
    /// The entry of this kind in the table.
    package var entry: FaultEntry {
        if case .step = self { return .step }
        guard let entry = FaultEntry.all.first(where: { $0.write(self) != nil }) else {
            preconditionFailure("FaultEntry.all has no entry for \(self): add it.")
        }
        return entry
    }

    /// As scenario files say it, such as `net.partition`.
    package var name: String {
        if case .step(let name) = self { "step.\(name)" } else { self.entry.name }
    }
}
