import Checkers
import DrillEngine
import Testing

@Suite("The operations of a run")
struct OperationBookTests {
    private static func operation(_ id: Int) -> Operation {
        Operation(
            id: id,
            client: "shop-1",
            subject: "ann",
            request: .read(paymentID: "p"),
            key: nil
        )
    }

    @Test("operations are numbered from 0 without gaps")
    func numbers() {
        let book = OperationBook()
        #expect((0..<4).map { _ in book.nextNumber() } == [0, 1, 2, 3])
    }

    @Test("only what nobody knows is asked for again, in order; payments are read back once each")
    func remembers() {
        let book = OperationBook()
        let paid = Outcome.paid(paymentID: "p", amount: 1, currency: "EUR", isReplay: false)
        book.ended(Self.operation(1), .unknown(code: "timeout"))
        book.ended(Self.operation(2), paid)
        book.ended(Self.operation(3), .refused(status: 409, code: "no"))
        book.ended(Self.operation(4), .unknown(code: "timeout"))
        book.ended(Self.operation(5), paid)
        #expect(book.unknown.map(\.id) == [1, 4])
        #expect(book.acknowledgedPayments == ["p"])
    }
}
