extension PlantedBug {
    var planting: Planting {
        switch self {
        case .refundCheckThenAct, .wholeRefundNotSerialised, .duplicateDeliveryApplied,
            .oneSidedPosting, .lostUpdateOfBalance, .gapInSequence, .refundInWrongCurrency,
            .remainingFromRequest, .refundPostedAsCapture, .refundBeforeCapture:
            self.inEngine
        case .replyBeforeCommit, .lostCommitToldAsNothing, .fullDiskSwallowed,
            .fullDiskWrittenLater,
            .staleReadOfLedger, .dirtyRead, .replayFromNow, .servingBeforeRecovery,
            .faultToldAsAbsence:
            self.inJournal
        case .lostReplyToldAsNothing, .lostReplyToldAsInternal, .unavailableSwallowed,
            .replayNotTold, .replayAlwaysTold, .retryUnderFreshID, .staleReadOfPayments,
            .conflictNotDetected:
            self.inLedgerClient
        case .refundWithoutKey, .idWithoutSubject, .idWithoutKey, .replayToAnotherCaller,
            .keysInMemory, .answeredWhileUnderWay, .deadlineNotPropagated,
            .drainDropsCalls, .drainLingers, .ownerIgnoredInReads, .ownerIgnoredInRefunds:
            self.inService
        case .audienceIgnored, .expiryIgnored, .notBeforeIgnored, .scopeIgnored,
            .tokenCacheIgnoresExpiry, .gatewayClockReadOnce, .serviceTokenNeverRenewed,
            .gateStaysShut, .notServingNeverLifted:
            self.inGates
        case .userScopeIgnored, .scopeComparedByPrefix, .retiredSecretAccepted,
            .previousSecretRefused, .publicKeysReadOnce:
            self.inUsersGate
        case .breakerNeverHalfOpens, .healthNotWatched, .sickReplicaKept,
            .leastRequestIgnored, .deadAddressKept, .deadlineMarginInverted,
            .limiterShedsHealth:
            self.inPolicies
        case .retryAtTwoLayers, .retryWithoutBudget, .retryForgetsUncertainty,
            .hedgeEndsAtFirstFailure:
            self.inRetries
        case .rateLimitForgotten, .rateLimitCountsTwice:
            self.inRateLimit
        }
    }
}
