internal import Domain

/// The time of a line of the log.
package enum LogTime {
    /// Seconds since 1970 as RFC 3339 writes them, in UTC, with milliseconds.
    package static func text(_ time: Double) -> String {
        let milliseconds = Int64((time * 1_000).rounded(.down))
        let seconds = milliseconds / 1_000
        let day = CalendarDay(unixTime: seconds)
        return "\(day)T\(day.clock(at: seconds)).\((milliseconds % 1_000).padded(3))Z"
    }
}
