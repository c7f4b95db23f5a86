internal import Domain

/// A time in the format of HTTP (RFC 9110 § 5.6.7), such as `Thu, 26 Nov 2026 13:05:10 GMT`.
struct HTTPDate: CustomStringConvertible {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds since 1970.
    let unixTime: Int64

    var description: String {
        let day = CalendarDay(unixTime: self.unixTime)
        let (weekday, month) = (Self.weekdays[day.weekday], Self.months[Int(day.month) - 1])
        return "\(weekday), \(day.day.padded(2)) \(month) \(day.year)"
            + " \(day.clock(at: self.unixTime)) GMT"
    }
}
