/// The definition of a kind of fault, except for its effect.
///
/// Reader, writer, schema and documentation follow from the entries of ``all``. So do the part of
/// the system that carries a fault out, and its use against real processes. A new kind needs a case
/// of ``FaultPlan/Kind``, an entry of the table, and an effect.
package struct FaultEntry: Sendable {
    /// The name in scenario files, such as `net.partition`.
    package let name: String
    /// The effect, in one sentence of the documentation.
    package let about: String
    package let strikes: Struck
    package let lasts: Lasting
    package let place: Place
    package let live: Live
    /// Keys that are required, besides those that every fault requires.
    package let needs: [String]
    /// Keys that are optional.
    package let takes: [String]
    /// Definitions of the schema that restrict a key, by key.
    package let narrows: [String: String]

    /// The kind with the arguments of an entry of a file; nil when an argument is missing or wrong.
    let read: @Sendable (FaultReader) -> FaultPlan.Kind?
    /// The arguments of a kind for a file; nil for a kind of another entry.
    let write: @Sendable (FaultPlan.Kind) -> [(key: String, value: FlowText)]?

    /// The possible targets of a kind of fault.
    package enum Struck: String, Sendable {
        /// Links: `between` two sides, or all links of a `target`.
        case links
        /// Services and processes.
        case processes
        /// Services that store data on a disk, and their processes.
        case stores
        /// Everything that presents a token: services, processes and clients.
        case callers
        /// Gateways, which check users' tokens, and their processes.
        case judges
        /// The whole system; `target` may be left out.
        case system
    }

    /// The rule on a kind's window, the key `for`.
    package enum Lasting: Sendable {
        case must
        /// It needs a window, `times` as a bound on its strikes, or both.
        case mustOrTimes
        case may
        /// It happens in an instant.
        case never
    }

    /// The part of the system that carries a fault out.
    package enum Place: Sendable {
        case messages
        case connections
        /// Processes, with their clocks, health and secrets.
        case nodes
        case disks
        case names
        case tokens
        /// The public keys of users' tokens.
        case keys
    }

    /// The fault's use in live drills; a reason against it is the end of a sentence.
    package enum Live: Sendable {
        case yes
        case no(String)
        case onlyIf(@Sendable (FaultPlan) -> Bool, otherwise: String)
    }

    /// The entry for `step`, which replaces `do` and takes no arguments.
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

    /// Keys of triggers; each fault has exactly one.
    package static let triggers = ["at", "after", "on", "every"]

    /// Keys that only some kinds take.
    package static let arguments = [
        "by", "rate", "method", "status", "restart_after", "steps", "disk", "gap", "overlap",
    ]

    /// Every key of a fault, in the order in which files are written.
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

    /// True when a fault of this kind may have `key`, whatever its other keys are.
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

    /// The name in scenario files, such as `net.partition`.
    package var name: String {
        if case .step(let name) = self { "step.\(name)" } else { self.entry.name }
    }
}
