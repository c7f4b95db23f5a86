extension FaultEntry {
    private typealias Kind = FaultPlan.Kind

    /// Every kind of fault that drills inject.
    package static let all =
        links + calls + processes + disks + clocks + lookups + tokens + keySets + health

    private static let links: [Self] = [
        Self("net.partition", "Loses every message.", .links, .must, .messages, .netPartition),
        Self("net.delay", "Delays messages.", .links, .must, .messages, .by, Kind.netDelay(by:)) {
            if case .netDelay(let time) = $0 { time } else { nil }
        },
        Self("net.drop", "Loses messages.", .links, .must, .messages, .chance, Kind.netDrop) {
            if case .netDrop(let chance) = $0 { chance } else { nil }
        },
        Self(
            "net.duplicate",
            "Delivers messages twice.",
            .links,
            .must,
            .messages,
            live: Self.notOverTCP,
            .chance,
            Kind.netDuplicate
        ) { if case .netDuplicate(let chance) = $0 { chance } else { nil } },
        Self(
            "net.reorder",
            "Lets later messages overtake.",
            .links,
            .must,
            .messages,
            live: Self.notOverTCP,
            .chance,
            Kind.netReorder
        ) { if case .netReorder(let chance) = $0 { chance } else { nil } },
        Self("net.reset", "Ends every call in flight.", .links, .never, .connections, .netReset),
        Self("net.clog", "Holds messages back until it ends.", .links, .must, .messages, .netClog),
    ]
    private static let notOverTCP = Live.no("cannot be done to bytes of a TCP connection")

    private static let calls: [Self] = [
        Self(
            "rpc.abort",
            "Ends calls with a status, unsent.",
            .processes,
            .mustOrTimes,
            .messages,
            live: Self.notOneCall,
            .both(.status, .method),
            { Kind.rpcAbort(status: $0.0, method: $0.1) },
            { if case .rpcAbort(let status, let method) = $0 { (status, method) } else { nil } }
        ),
        Self(
            "rpc.delay",
            "Delays requests.",
            .processes,
            .mustOrTimes,
            .messages,
            live: .onlyIf(
                { if case .rpcDelay(_, nil) = $0.kind { true } else { false } },
                otherwise: "names a method, and a proxy sees bytes, not calls"
            ),
            .both(.by, .method),
            { Kind.rpcDelay(by: $0.0, method: $0.1) },
            { if case .rpcDelay(let time, let method) = $0 { (time, method) } else { nil } }
        ),
        Self(
            "rpc.request_loss",
            "Loses requests.",
            .processes,
            .mustOrTimes,
            .messages,
            live: Self.notOneCall,
            .method,
            Kind.rpcRequestLoss(method:)
        ) { if case .rpcRequestLoss(let method) = $0 { .some(method) } else { nil } },
        Self(
            "rpc.reply_loss",
            "Loses replies.",
            .processes,
            .mustOrTimes,
            .messages,
            live: Self.notOneCall,
            .method,
            Kind.rpcReplyLoss(method:)
        ) { if case .rpcReplyLoss(let method) = $0 { .some(method) } else { nil } },
        Self(
            "rpc.corrupt",
            "Changes bytes of messages.",
            .processes,
            .mustOrTimes,
            .messages,
            live: Self.notOneCall,
            .method,
            Kind.rpcCorrupt(method:)
        ) { if case .rpcCorrupt(let method) = $0 { .some(method) } else { nil } },
        Self(
            "rpc.truncate",
            "Cuts messages short.",
            .processes,
            .mustOrTimes,
            .messages,
            live: Self.notOneCall,
            .method,
            Kind.rpcTruncate(method:)
        ) { if case .rpcTruncate(let method) = $0 { .some(method) } else { nil } },
    ]
    private static let notOneCall = Live.no("is about one call, and a proxy sees bytes, not calls")

    private static let processes: [Self] = [
        Self(
            "proc.crash",
            "Ends a process at once.",
            .processes,
            .never,
            .nodes,
            live: .onlyIf(
                { !$0.losesUnsynced },
                otherwise: "needs a disk that loses what was not synced"
            ),
            .both(.restartAfter, .steps),
            takes: ["disk"],
            { Kind.procCrash(restartAfter: $0.0, steps: $0.1) },
            { if case .procCrash(let time, let steps) = $0 { (time, steps) } else { nil } }
        ),
        Self(
            "proc.restart",
            "Drains a process and starts it again.",
            .processes,
            .never,
            .nodes,
            .gap,
            Kind.procRestart(gap:)
        ) { if case .procRestart(let gap) = $0 { gap } else { nil } },
        Self("proc.pause", "Stops a process for a while.", .processes, .must, .nodes, .procPause),
        Self(
            "proc.slow",
            "Makes each step take longer.",
            .processes,
            .must,
            .nodes,
            live: .no("cannot be done to a real process from outside"),
            .by,
            Kind.procSlow(by:)
        ) { if case .procSlow(let time) = $0 { time } else { nil } },
    ]

    private static let disks: [Self] = [
        Self.disk("error", "Fails reads and writes.", .mustOrTimes, .diskError),
        Self.disk("full", "Has no room for writes.", .must, .diskFull),
        Self(
            "disk.slow",
            "Makes syncs take longer.",
            .stores,
            .must,
            .disks,
            live: Self.notOnDisk,
            .by,
            Kind.diskSlow(by:)
        ) { if case .diskSlow(let time) = $0 { time } else { nil } },
        Self.disk("unsaid", "Commits, and reports an unknown outcome.", .mustOrTimes, .diskUnsaid),
        Self.disk("lose_unsynced", "A crash loses unsynced writes.", .may, .diskLoseUnsynced),
        Self.disk("torn", "A crash keeps some unsynced sectors.", .may, .diskTorn),
        Self(
            "disk.bitflip",
            "Flips one bit of what is written.",
            .stores,
            .may,
            .nodes,
            live: Self.notOnDisk,
            .diskBitflip
        ),
    ]
    private static let notOnDisk = Live.no("needs a simulated disk")

    private static func disk(
        _ name: String,
        _ about: String,
        _ lasts: Lasting,
        _ kind: Kind
    ) -> Self {
        Self("disk.\(name)", about, .stores, lasts, .disks, live: Self.notOnDisk, kind)
    }

    private static let clocks: [Self] = [
        Self(
            "clock.jump",
            "Sets a clock forward or back.",
            .processes,
            .never,
            .nodes,
            live: Self.notOnClocks,
            .jump,
            Kind.clockJump(by:)
        ) { if case .clockJump(let time) = $0 { time } else { nil } },
        Self(
            "clock.drift",
            "Makes a clock gain or lose time.",
            .processes,
            .must,
            .nodes,
            live: Self.notOnClocks,
            .rate,
            Kind.clockDrift(rate:)
        ) { if case .clockDrift(let rate) = $0 { rate } else { nil } },
    ]
    private static let notOnClocks = Live.no("needs clocks that can be set")

    private static let lookups: [Self] = [
        Self(
            "dns.fail",
            "Fails look-ups of names.",
            .processes,
            .must,
            .names,
            live: Self.notOnNames,
            .dnsFail
        ),
        Self(
            "dns.stale",
            "Gives the addresses of its beginning.",
            .processes,
            .must,
            .names,
            live: Self.notOnNames,
            .dnsStale
        ),
    ]
    private static let notOnNames = Live.no(
        "needs a name server, and names are addresses here"
    )

    private static let tokens: [Self] = [
        Self.token("expire", "Presents expired tokens.", .authExpire),
        Self.token("not_before", "Presents tokens that are not good yet.", .authNotBefore),
        Self.token("drop_scope", "Presents tokens without their scopes.", .authDropScope),
        Self.token("wrong_audience", "Presents tokens for others.", .authWrongAudience),
    ]

    private static func token(_ name: String, _ about: String, _ kind: Kind) -> Self {
        let live = Live.onlyIf(
            { $0.strikesClientsOnly },
            otherwise: "strikes tokens of services, which they make themselves"
        )
        return Self("auth.\(name)", about, .callers, .must, .tokens, live: live, kind)
    }

    private static var keySets: [Self] {
        let notLive = Live.no("needs an identity provider, and users' tokens have a secret here")
        return [
            Self(
                "auth.rotate",
                "Replaces the secret, in restarts of every process.",
                .system,
                .never,
                .nodes,
                .overlap,
                Kind.authRotate(overlap:)
            ) { if case .authRotate(let overlap) = $0 { overlap } else { nil } },
            Self(
                "auth.rotate_keys",
                "Replaces the key that signs users' tokens.",
                .system,
                .never,
                .nodes,
                live: notLive,
                .overlap,
                Kind.authRotateKeys(overlap:)
            ) { if case .authRotateKeys(let overlap) = $0 { overlap } else { nil } },
            Self(
                "auth.jwks_down",
                "Hides the public keys of users' tokens.",
                .judges,
                .must,
                .keys,
                live: notLive,
                .authJWKSDown
            ),
        ]
    }

    private static let health: [Self] = [
        Self(
            "health.not_serving",
            "Reports NOT_SERVING.",
            .processes,
            .must,
            .nodes,
            live: .no("would need a process that lies about its health"),
            .healthNotServing
        )
    ]
}

extension FaultPlan {
    /// True when the target is a client or a plan of clients.
    fileprivate var strikesClientsOnly: Bool {
        guard case .target(let name) = self.scope else { return false }
        let group = name.lastIndex(of: "-").map { String(name[..<$0]) } ?? name
        return !Vocabulary.services.contains { $0 == name || $0 == group }
    }
}
