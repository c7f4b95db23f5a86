/// A fault: what it does to whom, and when.
package struct FaultPlan: Hashable, Sendable {
    package var id: String
    package var trigger: Trigger
    /// The time until it reverts by itself; nil: once, or until everything is healed.
    package var lasting: Duration?
    package var kind: Kind
    package var scope: Scope
    /// The most strikes; nil for no bound.
    package var times: Int?
    /// The chance that it strikes when it could.
    package var chance = 1.0
    /// True when a crash takes with it what was committed and not yet synced; of `procCrash` only.
    package var losesUnsynced = false

    package init(id: String, trigger: Trigger, kind: Kind, scope: Scope) {
        self.id = id
        self.trigger = trigger
        self.kind = kind
        self.scope = scope
    }

    package enum Trigger: Hashable, Sendable {
        case at(Duration)
        /// Fires `delay` after the fault `id` has ended (or fired, if it does not last).
        case after(id: String, delay: Duration)
        /// At the `nth` event of that name, such as `ledger.committed`.
        case on(event: String, nth: Int)
        /// Again and again, each time later by up to `jitter`, and each time with the fault's chance.
        case every(Duration, jitter: Duration)
    }

    /// The targets of a fault.
    ///
    /// Names are services, clients, or processes such as `payment-2`.
    package enum Scope: Hashable, Sendable {
        /// Everything between the two sides; only from the first to the second when one-way.
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
        /// Holds everything back until it ends.
        case netClog

        /// The caller gets `status`, such as `UNAVAILABLE`; the request is never sent.
        case rpcAbort(status: String, method: String?)
        case rpcDelay(by: Duration, method: String?)
        case rpcRequestLoss(method: String?)
        case rpcReplyLoss(method: String?)
        case rpcCorrupt(method: String?)
        case rpcTruncate(method: String?)

        /// The process is gone at once, after up to `steps.upperBound` further steps of its own; nil
        /// `restartAfter`: it comes back only when everything is healed.
        case procCrash(restartAfter: Duration?, steps: ClosedRange<Int>?)
        /// It drains, stops and comes back.
        case procRestart(gap: Duration)
        case procPause
        /// Each of its steps takes that much longer.
        case procSlow(by: Duration)

        /// Nothing can be written, nothing can be read.
        case diskError
        case diskFull
        case diskSlow(by: Duration)
        /// The commit happens, and its caller is told that nobody knows.
        case diskUnsaid
        /// A commit is lost when the process crashes before it is synced; goes with `procCrash`.
        case diskLoseUnsynced
        /// Of what is not synced when the process crashes, some sectors are there and others not.
        case diskTorn
        /// Flips one bit of each write while active.
        case diskBitflip

        case clockJump(by: Duration)
        /// Seconds gained a second; negative: lost.
        case clockDrift(rate: Double)

        case dnsFail
        /// Names lead where they led when it began.
        case dnsStale

        /// The target presents an expired token.
        case authExpire
        /// The target presents a token that is not good yet.
        case authNotBefore
        case authDropScope
        case authWrongAudience
        /// The secret is replaced by restarting every process; the old one is good for `overlap`.
        case authRotate(overlap: Duration)
        /// The target cannot read the public keys of users' tokens.
        case authJWKSDown
        /// The key that signs users' tokens is replaced in three steps, each `overlap` after the other:
        /// the next one is published, it signs, the former is withdrawn.
        case authRotateKeys(overlap: Duration)

        /// It says NOT_SERVING though it could serve.
        case healthNotServing

        /// Code of ours is called, which `step:` names; no fault, but it comes like one.
        case step(String)
    }
}
