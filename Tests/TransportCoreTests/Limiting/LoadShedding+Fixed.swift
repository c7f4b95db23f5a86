import TransportCore

extension LoadShedding {
    /// A fixed limit of `limit` calls, with up to `queueMax` waiting.
    static func fixed(_ limit: Int, queueMax: Int = 100) -> LoadShedding {
        var rules = LoadShedding()
        rules.limitMin = limit
        rules.limitMax = limit
        rules.queueMax = queueMax
        return rules
    }
}
