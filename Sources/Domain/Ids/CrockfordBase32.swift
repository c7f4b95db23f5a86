/// Crockford's base32 in lower case, without the look-alikes i, l, o and u.
enum CrockfordBase32 {
    /// Encodes five bits a character, high bits first; pads the last character with zero bits.
    static func text(of bytes: some Sequence<UInt8>) -> String {
        var characters: [UInt8] = []
        var pending: UInt32 = 0
        var pendingBits: UInt32 = 0
        for byte in bytes {
            pending = (pending & 0x1F) << 8 | UInt32(byte)
            pendingBits += 8
            while pendingBits >= 5 {
                pendingBits -= 5
                characters.append(self.alphabet[Int(pending >> pendingBits & 0x1F)])
            }
        }
        if pendingBits > 0 {
            characters.append(self.alphabet[Int(pending << (5 - pendingBits) & 0x1F)])
        }
        return String(decoding: characters, as: UTF8.self)
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
}
