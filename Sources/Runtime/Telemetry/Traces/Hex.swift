package import TransportCore

extension TraceContext {
    /// A new trace id from 16 random bytes.
    package static func freshID(_ randomBytes: (Int) -> [UInt8]) -> String {
        Hex.text(randomBytes(16))
    }
}

/// Conversions between bytes and lower-case hexadecimal digits.
enum Hex {
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8).map { $0 >= 97 ? $0 - 87 : $0 &- 48 }
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            digits[$0] << 4 | digits[$0 + 1] & 15
        }
    }
}
