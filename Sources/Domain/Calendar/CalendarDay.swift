/// A day of the Gregorian calendar, in UTC.
package struct CalendarDay: Hashable, Sendable, CustomStringConvertible {
    package let year: Int64
    package let month: Int64
    package let day: Int64

    /// Midnight at its start, in seconds since 1970.
    package let start: Int64

    /// The day that contains `unixTime`, in seconds since 1970.
    ///
    /// Counts in eras of 400 years that begin in March, so that a leap day is the last of its year.
    package init(unixTime: Int64) {
        let sinceEpoch = (unixTime / 86_400) - (unixTime % 86_400 < 0 ? 1 : 0)
        let days = sinceEpoch + 719_468
        self.start = sinceEpoch * 86_400
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        self.day = dayOfYear - (153 * shifted + 2) / 5 + 1
        self.month = shifted < 10 ? shifted + 3 : shifted - 9
        self.year = yearOfEra + era * 400 + (self.month <= 2 ? 1 : 0)
    }

    /// Days since Sunday, 0 to 6; 1970-01-01 was a Thursday.
    package var weekday: Int { Int((self.start / 86_400 % 7 + 11) % 7) }

    /// ISO 8601, such as `2030-01-31`.
    package var description: String {
        "\(self.year.padded(4))-\(self.month.padded(2))-\(self.day.padded(2))"
    }

    /// The time of day of a second of this day, such as `13:05:10`.
    package func clock(at unixTime: Int64) -> String {
        let second = unixTime - self.start
        let parts = [second / 3_600, second / 60 % 60, second % 60]
        return parts.map { $0.padded(2) }.joined(separator: ":")
    }
}

extension Int64 {
    /// Decimal digits with leading zeros, at least `width` of them.
    package func padded(_ width: Int) -> String {
        let text = String(self)
        return String(repeating: "0", count: Swift.max(0, width - text.count)) + text
    }
}
