import Domain
import Testing

@Suite("Derived ids")
struct IDDerivationTests {
    @Test("the ids of a digest never change, because the journal is full of them")
    func golden() throws {
        let derivation = Fixture.derivation
        let byOrder = derivation.paymentID(for: try Fixture.order())
        let byKey = derivation.paymentID(for: try Fixture.order(key: "key-1"))
        let refund = derivation.refundID(for: try Fixture.refundOrder(of: "pay_1"))
        #expect(byOrder.text == "pay_5tnqbff9f2zqrvh3kaynkbqsdm")
        #expect(byKey.text == "pay_chn6evjb80k32zsgb2mabk3exg")
        #expect(refund.text == "ref_kqpes9zvmg1eg6nyhxcv7a4hcc")
    }

    @Test(
        "the first 128 bits are written in lower-case Crockford base32",
        arguments: [
            (Array(repeating: 0x00, count: 32), "pay_00000000000000000000000000"),
            (Array(repeating: 0xFF, count: 32), "pay_zzzzzzzzzzzzzzzzzzzzzzzzzw"),
            (Array(0..<32), "pay_000g40r40m30e209185gr38e1w"),
        ] as [([UInt8], String)]
    )
    func base32(digest: [UInt8], expected: String) throws {
        let derivation = IDDerivation { _ in digest }
        #expect(derivation.paymentID(for: try Fixture.order()).text == expected)
    }

    @Test("amount, currency and method do not change the id, so that they can conflict")
    func independence() throws {
        let derivation = Fixture.derivation
        let first = derivation.paymentID(for: try Fixture.order(key: "k"))
        let other = try Fixture.order("order-2", 7, currency: "USD", method: .bank, key: "k")
        #expect(derivation.paymentID(for: other) == first)
    }

    @Test("subject, key and order change the id")
    func dependence() throws {
        let orders = [
            try Fixture.order(),
            try Fixture.order("order-2"),
            try Fixture.order(subject: "bob"),
            try Fixture.order(key: "order-1"),
            try Fixture.order(key: "k"),
            try Fixture.order(subject: "bob", key: "k"),
        ]
        let ids = orders.map(Fixture.derivation.paymentID(for:))
        #expect(Set(ids).count == orders.count)
    }

    @Test("no two lists of parts have the same bytes")
    func encoding() throws {
        let derivation = Fixture.derivation
        let left = try Fixture.order("c", subject: "ab")
        let right = try Fixture.order("bc", subject: "a")
        #expect(derivation.paymentID(for: left) != derivation.paymentID(for: right))
    }

    @Test("a caller's key cannot derive the id of a payment by order")
    func purposes() throws {
        let seen = BytesSeen()
        let derivation = IDDerivation { bytes in seen.note(bytes) }
        _ = derivation.paymentID(for: try Fixture.order("x"))
        _ = derivation.paymentID(for: try Fixture.order(key: "x"))
        _ = derivation.refundID(for: try Fixture.refundOrder(of: "pay_1", key: "x"))
        #expect(Set(seen.all.map { $0.prefix(12) }).count == 3)
    }
}
