/// A fault: its effect, its targets, and its time.
package struct FaultPlan: Hashable, Sendable {
    package var id: String
    package var trigger: Trigger
    /// The time after which the fault reverts; nil when it happens in an instant or lasts until
    /// everything is healed.
    package var lasting: Duration?
    package var kind: Kind
    package var scope: Scope
    /// The bound on its strikes; nil for none.
    package var times: Int?
    /// The chance that the fault strikes at each opportunity.
    package var chance = 1.0
    /// True when a crash loses committed entries that were not yet synced; for `procCrash` only.
    package var losesUnsynced = false

    package init(id: String, trigger: Trigger, kind: Kind, scope: Scope) {
        self.id = id
        self.trigger = trigger
        self.kind = kind
        self.scope = scope
    }

    package enum Trigger: Hashable, Sendable {
        case at(Duration)
        /// Fires `delay` after the fault `id` has ended, or has fired if it does not last.
        case after(id: String, delay: Duration)
        /// Fires at the `nth` event of this name, such as `ledger.committed`.
        case on(event: String, nth: Int)
        /// Fires once in each period, up to `jitter` later, each time with the fault's chance.
        case every(Duration, jitter: Duration)
    }

    /// The targets of a fault.
    ///
    /// Names are services, clients, or processes such as `payment-2`.
    package enum Scope: Hashable, Sendable {
        /// The links between two sides; if one-way, only from the first to the second.
        case between([String], [String], isOneWay: Bool)
        case target(String)
        /// A process of a service, chosen by the seed.
        case any(String)
        /// Every process of a service, one after another.
        case each(String)
        /// Every process of the system.
        case everything
    }

    package enum Kind: Hashable, Sendable {
        case netPartition
        case netDelay(by: Duration)
        case netDrop(Double)
        case netDuplicate(Double)
        case netReorder(Double)
        /// Ends every call in flight.
        case netReset
        /// Holds all messages back until the fault ends.
        case netClog

        /// Ends the call with `status`, such as `UNAVAILABLE`, without sending the request.
        case rpcAbort(status: String, method: String?)
        case rpcDelay(by: Duration, method: String?)
        case rpcRequestLoss(method: String?)
        case rpcReplyLoss(method: String?)
        case rpcCorrupt(method: String?)
        case rpcTruncate(method: String?)

        /// Crashes the process after a number of further steps within `steps`.
        ///
        /// It restarts after `restartAfter`; if that is nil, once everything is healed.
        case procCrash(restartAfter: Duration?, steps: ClosedRange<Int>?)
        /// Drains the process, stops it, and starts it again.
        case procRestart(gap: Duration)
        case procPause
        /// Delays each step of the process.
        case procSlow(by: Duration)

        /// Fails every read and write.
        case diskError
        case diskFull
        case diskSlow(by: Duration)
        /// Commits, and reports an unknown outcome to the caller.
        case diskUnsaid
        /// Loses commits that are not synced when the process crashes; goes with `procCrash`.
        case diskLoseUnsynced
        /// Keeps some sectors of unsynced writes when the process crashes, and loses the others.
        case diskTorn
        /// Flips one bit of the stored data until the fault ends.
        case diskBitflip

        case clockJump(by: Duration)
        /// Seconds that the clock gains in a second; negative when it loses.
        case clockDrift(rate: Double)

        case dnsFail
        /// Answers lookups with the addresses of the fault's start.
        case dnsStale

        /// Gives the target an expired token.
        case authExpire
        /// Gives the target a token that is not valid yet.
        case authNotBefore
        case authDropScope
        case authWrongAudience
        /// Replaces the secret by restarting every process; the old one stays valid for `overlap`.
        case authRotate(overlap: Duration)
        /// Hides the public keys of users' tokens from the target.
        case authJWKSDown
        /// Replaces the key that signs users' tokens in three steps, `overlap` apart.
        ///
        /// The new key is published, then signs; then the old one is withdrawn.
        case authRotateKeys(overlap: Duration)

        /// Makes the process report NOT_SERVING although it could serve.
        case healthNotServing

        /// Calls code of the drill by its name, at the trigger of a fault.
        case step(String)
    }
}

extension FaultPlan.Scope {
    /// The names of its targets; none when it strikes all.
    package var names: [String] {
        switch self {
        case .between(let left, let right, _): left + right
        case .target(let name), .any(let name), .each(let name): [name]
        case .everything: []
        }
    }
}
