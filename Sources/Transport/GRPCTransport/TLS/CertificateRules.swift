import Identity
import NIOSSL

/// The rules for a certificate besides its signature: valid now, and with a strong enough key.
enum CertificateRules {
    /// The defect of `certificate` at `now`, as the end of a sentence; nil when there is none.
    static func fault(_ certificate: NIOSSLCertificate, at now: UnixSeconds) -> String? {
        let (from, until) = (
            UnixSeconds(certificate.notValidBefore), UnixSeconds(certificate.notValidAfter)
        )
        if until < now { return "expired at \(UTCTime.text(until))" }
        if from > now { return "is not valid before \(UTCTime.text(from))" }
        return self.weakness(certificate)
    }

    private static func weakness(_ certificate: NIOSSLCertificate) -> String? {
        guard let key = try? certificate.extractPublicKey().toSPKIBytes() else {
            return "has a key that cannot be read"
        }
        guard let bits = KeyStrength.rsaBits(subjectPublicKeyInfo: key),
            bits < KeyStrength.rsaBitsMin
        else { return nil }
        return "has an RSA key of \(bits) bits; \(KeyStrength.rsaBitsMin) are the least"
    }
}

/// Formats times as in RFC 3339, such as `2026-11-30T19:28:28Z`.
enum UTCTime {
    static func text(_ time: UnixSeconds) -> String {
        let (days, seconds) = (time.flooredQuotient(86_400), time.flooredRemainder(86_400))
        let (year, month, day) = self.date(days)
        let numbers = [month, day, seconds / 3_600, seconds / 60 % 60, seconds % 60]
        let parts = numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(year)-\(parts[0])-\(parts[1])T\(parts[2]):\(parts[3]):\(parts[4])Z"
    }

    /// The Gregorian date `days` after 1970-01-01.
    ///
    /// It counts years from March, in eras of 400 years.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted.flooredRemainder(146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        (self - self.flooredRemainder(divisor)) / divisor
    }

    fileprivate func flooredRemainder(_ divisor: Int64) -> Int64 {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
