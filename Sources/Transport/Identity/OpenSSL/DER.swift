/// Encodes the few ASN.1 DER types (X.690) that keys and ECDSA signatures need.
enum DER {
    static func sequence(_ parts: [UInt8]...) -> [UInt8] {
        element(0x30, parts.flatMap { $0 })
    }

    /// A bit string of whole bytes.
    static func bitString(_ content: [UInt8]) -> [UInt8] {
        element(0x03, [0] + content)
    }

    /// Encodes a non-negative integer from its big-endian bytes, minimally and with a clear sign
    /// bit.
    static func integer(_ magnitude: some Sequence<UInt8>) -> [UInt8] {
        var content = Array(magnitude.drop { $0 == 0 })
        if (content.first ?? 0x80) >= 0x80 { content.insert(0, at: 0) }
        return element(0x02, content)
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }
}
