/// A stand-in for SHA-256: four lanes of FNV-1a, 32 bytes.
@Sendable
func toyDigest(_ bytes: [UInt8]) -> [UInt8] {
    (0..<4).flatMap { (lane: UInt64) -> [UInt8] in
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ lane
        for byte in bytes {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * $0)) }
    }
}
