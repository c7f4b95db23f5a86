/// A day of the Gregorian calendar, in UTC.
package struct CalendarDay: Hashable, Sendable, CustomStringConvertible {
    package let year: Int64
    package let month: Int64
    package let day: Int64

    /// Its first second, since 1970.
    package let start: Int64

    /// The day of that second since 1970.
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

    /// 0 is Sunday; the first day of 1970 was a Thursday.
    package var weekday: Int { Int((self.start / 86_400 % 7 + 11) % 7) }

    /// As in `2030-01-31`.
    package var description: String {
        "\(self.year.padded(4))-\(self.month.padded(2))-\(self.day.padded(2))"
    }

    /// The hour, the minute and the second of a second of this day, as in `13:05:10`.
    package func clock(at unixTime: Int64) -> String {
        let second = unixTime - self.start
        let parts = [second / 3_600, second / 60 % 60, second % 60]
        return parts.map { $0.padded(2) }.joined(separator: ":")
    }
}

extension Int64 {
    /// With zeros in front, so that it has at least `width` digits.
    package func padded(_ width: Int) -> String {
        let text = String(self)
        return String(repeating: "0", count: Swift.max(0, width - text.count)) + text
    }
}
