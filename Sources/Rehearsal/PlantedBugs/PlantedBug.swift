package import SimulatedDrills

/// A plausible mistake, put into a rehearsal on purpose.
///
/// No bug is a switch in production code. Each is a part that replaces a real one at a seam of the
/// composition. It lives in this module, which no serving process links.
package enum PlantedBug: String, CaseIterable, Sendable {
    // The ledger's engine.
    case refundCheckThenAct = "refund-check-then-act"
    case wholeRefundNotSerialised = "whole-refund-not-serialised"
    case duplicateDeliveryApplied = "duplicate-delivery-applied"
    case oneSidedPosting = "one-sided-posting"
    case lostUpdateOfBalance = "lost-update-of-balance"
    case gapInSequence = "gap-in-sequence"
    case refundInWrongCurrency = "refund-in-wrong-currency"
    case remainingFromRequest = "remaining-from-request"
    case refundPostedAsCapture = "refund-posted-as-capture"
    case refundBeforeCapture = "refund-before-capture"

    // Reports of the journal to the ledger.
    case replyBeforeCommit = "reply-before-commit"
    case lostCommitToldAsNothing = "lost-commit-told-as-nothing"
    case fullDiskWrittenLater = "full-disk-written-later"
    case fullDiskSwallowed = "full-disk-swallowed"
    case staleReadOfLedger = "stale-read-of-ledger"
    case dirtyRead = "dirty-read"
    case replayFromNow = "replay-from-now"
    case servingBeforeRecovery = "serving-before-recovery"
    case faultToldAsAbsence = "fault-told-as-absence"

    // Gateway, payment and refund services.
    case lostReplyToldAsNothing = "lost-reply-told-as-nothing"
    case lostReplyToldAsInternal = "lost-reply-told-as-internal"
    case unavailableSwallowed = "unavailable-swallowed"
    case replayNotTold = "replay-not-told"
    case replayAlwaysTold = "replay-always-told"
    case conflictNotDetected = "conflict-not-detected"
    case retryUnderFreshID = "retry-under-fresh-id"
    case staleReadOfPayments = "stale-read-of-payments"
    case refundWithoutKey = "refund-without-key"
    case idWithoutSubject = "id-without-subject"
    case idWithoutKey = "id-without-key"
    case replayToAnotherCaller = "replay-to-another-caller"
    case keysInMemory = "keys-in-memory"
    case answeredWhileUnderWay = "answered-while-under-way"
    case deadlineNotPropagated = "deadline-not-propagated"
    case drainDropsCalls = "drain-drops-calls"
    case drainLingers = "drain-lingers"
    case ownerIgnoredInReads = "owner-ignored-in-reads"
    case ownerIgnoredInRefunds = "owner-ignored-in-refunds"

    // Tokens and health.
    case audienceIgnored = "audience-ignored"
    case expiryIgnored = "expiry-ignored"
    case notBeforeIgnored = "not-before-ignored"
    case scopeIgnored = "scope-ignored"
    case tokenCacheIgnoresExpiry = "token-cache-ignores-expiry"
    case gatewayClockReadOnce = "gateway-clock-read-once"
    case userScopeIgnored = "user-scope-ignored"
    case scopeComparedByPrefix = "scope-compared-by-prefix"
    case retiredSecretAccepted = "retired-secret-accepted"
    case previousSecretRefused = "previous-secret-refused"
    case publicKeysReadOnce = "public-keys-read-once"
    case serviceTokenNeverRenewed = "service-token-never-renewed"
    case gateStaysShut = "gate-stays-shut"
    case notServingNeverLifted = "not-serving-never-lifted"

    // Retries, deadlines and other policies of calls.
    case breakerNeverHalfOpens = "breaker-never-half-opens"
    case retryAtTwoLayers = "retry-at-two-layers"
    case retryWithoutBudget = "retry-without-budget"
    case retryForgetsUncertainty = "retry-forgets-uncertainty"
    case healthNotWatched = "health-not-watched"
    case sickReplicaKept = "sick-replica-kept"
    case leastRequestIgnored = "least-request-ignored"
    case deadAddressKept = "dead-address-kept"
    case deadlineMarginInverted = "deadline-margin-inverted"
    case limiterShedsHealth = "limiter-sheds-health"
    case hedgeEndsAtFirstFailure = "hedge-ends-at-first-failure"
    case rateLimitForgotten = "rate-limit-forgotten"
    case rateLimitCountsTwice = "rate-limit-counts-twice"
}

extension PlantedBug {
    /// The mistake, in one sentence.
    package var summary: String { self.planting.summary }

    /// The scenario that must find the bug: a file of `Scenarios/planted`.
    package var scenario: String { self.planting.scenario.rawValue + ".yaml" }

    /// The oracles of which one must find the bug; ``PlantedCorpus/simulation`` may be among them.
    package var oracles: [String] { self.planting.oracles }

    /// The bound on the seeds that it takes to find the bug.
    package var seedsMax: UInt64 { self.planting.seedsMax }

    /// The composition with the bug; new for every run, because an engine has books of its own.
    package var changes: CompositionChanges { self.planting.make() }
}

/// The definition of a planted bug.
struct Planting {
    let summary: String
    let scenario: PlantedScenario
    let oracles: [String]
    let seedsMax: UInt64
    let make: @Sendable () -> CompositionChanges

    init(
        _ summary: String,
        in scenario: PlantedScenario,
        foundBy oracles: [String],
        within seedsMax: UInt64 = 20,
        _ make: @escaping @Sendable () -> CompositionChanges
    ) {
        self.summary = summary
        self.scenario = scenario
        self.oracles = oracles
        self.seedsMax = seedsMax
        self.make = make
    }
}

/// The scenarios of the corpus, by file name.
enum PlantedScenario: String, CaseIterable {
    case racingDevices = "racing-devices"
    case racingRefunds = "racing-refunds"
    case lostReplies = "lost-replies"
    case cutLedger = "cut-ledger"
    case badTokens = "bad-tokens"
    case badDisk = "bad-disk"
    case longDay = "long-day"
    case shutHealth = "shut-health"
    case hungCalls = "hung-calls"
    case pryingUsers = "prying-users"
    case missingScope = "missing-scope"
    case lesserScope = "lesser-scope"
    case turnedSecret = "turned-secret"
    case rollingRestart = "rolling-restart"
    case ledgerOutage = "ledger-outage"
    case killedReplica = "killed-replica"
    case sickReplica = "sick-replica"
    case slowReplica = "slow-replica"
    case busyHour = "busy-hour"
    case hastyUsers = "hasty-users"
    case watchedHealth = "watched-health"
    case hedgedReplica = "hedged-replica"
    case turnedKeys = "turned-keys"
    case failingReads = "failing-reads"
}
