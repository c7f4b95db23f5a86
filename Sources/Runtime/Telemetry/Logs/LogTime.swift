internal import Domain

/// Formats timestamps of log lines.
package enum LogTime {
    /// RFC 3339 in UTC with milliseconds, from seconds since 1970.
    package static func text(_ time: Double) -> String {
        let milliseconds = Int64((time * 1_000).rounded(.down))
        let seconds = milliseconds / 1_000
        let day = CalendarDay(unixTime: seconds)
        return "\(day)T\(day.clock(at: seconds)).\((milliseconds % 1_000).padded(3))Z"
    }
}
