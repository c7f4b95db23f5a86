/// What a fault does.
extension FaultReader {
    /// The kind called `name`, with its arguments; nil if one of them is missing or wrong.
    func kind(_ name: String) -> FaultPlan.Kind? {
        let part = name.prefix { $0 != "." }
        switch part {
        case "net": return self.net(name)
        case "rpc": return self.rpc(name)
        case "proc": return self.proc(name)
        case "disk": return self.disk(name)
        default: return self.other(name)
        }
    }

    private func net(_ name: String) -> FaultPlan.Kind? {
        switch name {
        case "net.partition": .netPartition
        case "net.delay": self.by().map { .netDelay(by: $0) }
        case "net.drop": self.probability().map { .netDrop($0) }
        case "net.duplicate": self.probability().map { .netDuplicate($0) }
        case "net.reorder": self.probability().map { .netReorder($0) }
        case "net.reset": .netReset
        case "net.clog": .netClog
        default: nil
        }
    }

    private func rpc(_ name: String) -> FaultPlan.Kind? {
        let decoder = ValueDecoder<String>.choice(of: Vocabulary.methods, "method")
        let method = self.fields.optional("method", decoder)
        switch name {
        case "rpc.abort":
            let decoder = ValueDecoder<String>.choice(of: Vocabulary.statuses, "status")
            let status = self.fields.optional("status", decoder) ?? "UNAVAILABLE"
            return .rpcAbort(status: status, method: method)
        case "rpc.delay": return self.by().map { .rpcDelay(by: $0, method: method) }
        case "rpc.request_loss": return .rpcRequestLoss(method: method)
        case "rpc.reply_loss": return .rpcReplyLoss(method: method)
        case "rpc.corrupt": return .rpcCorrupt(method: method)
        case "rpc.truncate": return .rpcTruncate(method: method)
        default: return nil
        }
    }

    private func proc(_ name: String) -> FaultPlan.Kind? {
        switch name {
        case "proc.crash":
            .procCrash(
                restartAfter: self.fields.optional("restart_after", .duration()),
                steps: self.fields.optional("steps", .range(0...10_000))
            )
        case "proc.restart":
            .procRestart(gap: self.fields.optional("gap", .duration()) ?? .seconds(1))
        case "proc.pause": .procPause
        case "proc.slow": self.by().map { .procSlow(by: $0) }
        default: nil
        }
    }

    private func disk(_ name: String) -> FaultPlan.Kind? {
        switch name {
        case "disk.error": .diskError
        case "disk.full": .diskFull
        case "disk.slow": self.by().map { .diskSlow(by: $0) }
        case "disk.unsaid": .diskUnsaid
        case "disk.lose_unsynced": .diskLoseUnsynced
        case "disk.torn": .diskTorn
        case "disk.bitflip": .diskBitflip
        default: nil
        }
    }

    private func other(_ name: String) -> FaultPlan.Kind? {
        switch name {
        case "clock.jump": self.jump().map { .clockJump(by: $0) }
        case "clock.drift": self.rate().map { .clockDrift(rate: $0) }
        case "dns.fail": .dnsFail
        case "dns.stale": .dnsStale
        case "auth.expire": .authExpire
        case "auth.not_before": .authNotBefore
        case "auth.drop_scope": .authDropScope
        case "auth.wrong_audience": .authWrongAudience
        case "auth.rotate":
            self.fields.required("overlap", .duration()).map { .authRotate(overlap: $0) }
        case "auth.jwks_down": .authJWKSDown
        case "auth.rotate_keys":
            self.fields.required("overlap", .duration()).map { .authRotateKeys(overlap: $0) }
        case "health.not_serving": .healthNotServing
        default: nil
        }
    }

    private func by() -> Duration? { self.fields.required("by", .window()) }

    private func probability() -> Double? { self.fields.required("p", .chance()) }

    private func jump() -> Duration? {
        let day = Duration.seconds(86_400)
        let jump = self.fields.required("by", .duration(.zero - day...day))
        if jump == .zero { self.add("by", "by: a jump by 0s is none") }
        return jump
    }

    private func rate() -> Double? {
        let rate = self.fields.required("rate", .number(-0.9...0.9))
        if rate == 0 { self.add("rate", "rate: a drift of 0 is none") }
        return rate
    }
}
