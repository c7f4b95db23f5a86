import TransportCore

/// The `grpc-timeout` header: one to eight digits and a unit (gRPC over HTTP/2, "Timeout").
enum GRPCTimeout {
    /// Parses a timeout; nil when it is malformed.
    static func decode(_ bytes: ArraySlice<UInt8>) -> Duration? {
        guard (2...9).contains(bytes.count), let unit = bytes.last else { return nil }
        var value: Int64 = 0
        for digit in bytes.dropLast() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        switch unit {
        case UInt8(ascii: "H"): return .seconds(value * 3600)
        case UInt8(ascii: "M"): return .seconds(value * 60)
        case UInt8(ascii: "S"): return .seconds(value)
        case UInt8(ascii: "m"): return .milliseconds(value)
        case UInt8(ascii: "u"): return .microseconds(value)
        case UInt8(ascii: "n"): return .nanoseconds(value)
        default: return nil
        }
    }

    /// Formats `timeout` in the finest unit that eight digits can hold, rounded up.
    ///
    /// The result is at least one nanosecond.
    static func encode(_ timeout: Duration) -> String {
        let nanoseconds = max(1, timeout.nanosecondsClamped)
        for (unit, size) in units {
            let count = nanoseconds / size + (nanoseconds % size == 0 ? 0 : 1)
            if count <= 99_999_999 { return "\(count)\(unit)" }
        }
        return "99999999H"
    }

    private static let units: [(String, Int64)] = [
        ("n", 1), ("u", 1_000), ("m", 1_000_000), ("S", 1_000_000_000),
        ("M", 60_000_000_000), ("H", 3_600_000_000_000),
    ]
}
