/// What a kind of fault needs in a scenario file, and whom it can strike.
package struct FaultGrammar: Sendable {
    /// As files say it, such as `net.partition`.
    package let name: String
    package let strikes: Struck
    package let lasts: Lasting
    /// Keys that must be there, besides those that every fault has.
    package let needs: [String]
    /// Further keys that may be there.
    package let takes: [String]

    /// Whom a kind of fault can strike.
    package enum Struck: Sendable {
        /// Links: `between` two sides, or all links of a `target`.
        case links
        /// Services and processes.
        case processes
        /// Services that keep something on a disk, and their processes.
        case stores
        /// Whoever presents a token: services, processes and clients.
        case callers
        /// Gateways, which judge users' tokens, and their processes.
        case judges
        /// The system; its `target` can be left out.
        case system
    }

    /// Whether a kind of fault has a window, the key `for`.
    package enum Lasting: Sendable {
        case must
        /// It has a window, or `times` bounds how often it strikes, or both.
        case mustOrTimes
        case may
        /// It happens at once.
        case never
    }

    /// Every kind that this build injects.
    package static let all: [FaultGrammar] = [
        Self("net.partition", .links, .must),
        Self("net.delay", .links, .must, needs: ["by"]),
        Self("net.drop", .links, .must, needs: ["p"]),
        Self("net.duplicate", .links, .must, needs: ["p"]),
        Self("net.reorder", .links, .must, needs: ["p"]),
        Self("net.reset", .links, .never),
        Self("net.clog", .links, .must),
        Self("rpc.abort", .processes, .mustOrTimes, takes: ["status", "method"]),
        Self("rpc.delay", .processes, .mustOrTimes, needs: ["by"], takes: ["method"]),
        Self("rpc.request_loss", .processes, .mustOrTimes, takes: ["method"]),
        Self("rpc.reply_loss", .processes, .mustOrTimes, takes: ["method"]),
        Self("rpc.corrupt", .processes, .mustOrTimes, takes: ["method"]),
        Self("rpc.truncate", .processes, .mustOrTimes, takes: ["method"]),
        Self("proc.crash", .processes, .never, takes: ["restart_after", "steps", "disk"]),
        Self("proc.restart", .processes, .never, takes: ["gap"]),
        Self("proc.pause", .processes, .must),
        Self("proc.slow", .processes, .must, needs: ["by"]),
        Self("disk.error", .stores, .mustOrTimes),
        Self("disk.full", .stores, .must),
        Self("disk.slow", .stores, .must, needs: ["by"]),
        Self("disk.unsaid", .stores, .mustOrTimes),
        Self("disk.lose_unsynced", .stores, .may),
        Self("disk.torn", .stores, .may),
        Self("disk.bitflip", .stores, .may),
        Self("clock.jump", .processes, .never, needs: ["by"]),
        Self("clock.drift", .processes, .must, needs: ["rate"]),
        Self("dns.fail", .processes, .must),
        Self("dns.stale", .processes, .must),
        Self("auth.expire", .callers, .must),
        Self("auth.not_before", .callers, .must),
        Self("auth.drop_scope", .callers, .must),
        Self("auth.wrong_audience", .callers, .must),
        Self("auth.rotate", .system, .never, needs: ["overlap"]),
        Self("auth.rotate_keys", .system, .never, needs: ["overlap"]),
        Self("auth.jwks_down", .judges, .must),
        Self("health.not_serving", .processes, .must),
    ]

    /// What an entry with `step` in the place of `do` takes: nothing but its trigger.
    package static let step = Self("step", .system, .never)

    /// Keys of triggers, of which a fault has exactly one.
    package static let triggers = ["at", "after", "on", "every"]

    /// Every key that a fault can have, in the order in which it is written.
    package static let keys =
        ["id"] + triggers + [
            "delay", "jitter", "for", "do", "step", "between", "direction", "target", "by", "rate",
            "p",
            "method", "status", "restart_after", "steps", "disk", "gap", "overlap", "times",
        ]

    private init(
        _ name: String,
        _ strikes: Struck,
        _ lasts: Lasting,
        needs: [String] = [],
        takes: [String] = []
    ) {
        self.name = name
        self.strikes = strikes
        self.lasts = lasts
        self.needs = needs
        self.takes = takes
    }

    /// Whether a fault of this kind can have `key`, whatever its other keys are.
    package func allows(_ key: String) -> Bool {
        switch key {
        case "between", "direction": self.strikes == .links
        case "for": self.lasts != .never
        case "target": self.name != Self.step.name
        case "by", "rate", "method", "status", "restart_after", "steps", "disk", "gap", "overlap":
            self.needs.contains(key) || self.takes.contains(key)
        default: true
        }
    }
}
