/// Derives payment and refund ids from the caller's request.
///
/// The same request has the same id at any time and on any replica, so retries, duplicates and
/// races all meet at the ledger. An id depends on the subject and on the key (or order), never on
/// amount or currency: a reused key with another amount must meet the first entry and conflict with
/// it.
///
/// An id is `pay_` or `ref_` and 26 characters: the first 128 bits of the digest in lower-case
/// Crockford base32.
package struct IDDerivation: Sendable {
    /// SHA-256: returns 32 bytes.
    package typealias Digest = @Sendable ([UInt8]) -> [UInt8]

    private let sha256: Digest

    package init(sha256: @escaping Digest) {
        self.sha256 = sha256
    }

    /// The payment id of `order`, from its key or, without one, from its order id.
    package func paymentID(for order: PaymentOrder) -> PaymentID {
        let subject = order.subject.text
        guard let key = order.key else {
            return self.id("pay_", of: ["payment by order", subject, order.orderID.text])
        }
        return self.id("pay_", of: ["payment by key", subject, "create_payment", key.text])
    }

    /// The refund id of `order`, from its key.
    package func refundID(for order: RefundOrder) -> RefundID {
        self.id("ref_", of: ["refund", order.subject.text, "create_refund", order.id.text])
    }

    private func id<Field>(_ prefix: String, of parts: [String]) -> Checked<Field> {
        let digest = self.sha256(Self.encoding(of: parts))
        precondition(digest.count >= 16, "A SHA-256 digest has 32 bytes, this one \(digest.count).")
        return Checked(trusted: prefix + CrockfordBase32.text(of: digest.prefix(16)))
    }

    /// Each part after its length, so that different lists never have the same bytes.
    private static func encoding(of parts: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            let length = UInt32(part.utf8.count)
            bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
            bytes += part.utf8
        }
        return bytes
    }
}
