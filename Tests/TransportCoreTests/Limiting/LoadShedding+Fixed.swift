import TransportCore

extension LoadShedding {
    /// Always `limit` calls at a time, and up to `queueMax` that wait.
    static func fixed(_ limit: Int, queueMax: Int = 100) -> LoadShedding {
        var rules = LoadShedding()
        rules.limitMin = limit
        rules.limitMax = limit
        rules.queueMax = queueMax
        return rules
    }
}
