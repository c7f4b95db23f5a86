/// The running hash over all events, and the events themselves if they are kept.
struct TraceLog {
    let isKept: Bool
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var events: [TraceEvent] = []

    init(isKept: Bool) { self.isKept = isKept }

    mutating func mix(_ value: UInt64) {
        self.hash = (self.hash ^ value) &* 0x9E37_79B9_7F4A_7C15
        self.hash ^= self.hash >> 29
    }

    mutating func mix(_ text: String) {
        for byte in text.utf8 { self.hash = (self.hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        self.mix(UInt64(text.utf8.count))
    }

    mutating func append(_ event: TraceEvent) { self.events.append(event) }

    mutating func removeEvents() { self.events = [] }
}
