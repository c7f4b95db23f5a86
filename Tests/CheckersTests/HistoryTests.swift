import Checkers
import Testing

@Suite("Histories")
struct HistoryTests {
    @Test("events keep their order, and their places are their indices")
    func order() {
        var history = History()
        let happened: [HistoryEvent.What] = [.pay(0), .capture(1), .paid(0)]
        #expect(happened.events.map { history.append($0) } == [0, 1, 2])
        #expect(history.events == happened.events)
        #expect(history.dropped == 0)
    }

    @Test("a full history counts what it drops, messages on links first")
    func bound() {
        var history = History(eventsMax: 4)
        let happened: [HistoryEvent.What] = [
            .link(1, .request, .sent), .link(2, .request, .sent), .link(3, .request, .sent),
            .link(4, .request, .sent), .pay(0), .paid(0),
        ]
        #expect(happened.events.map { history.append($0) } == [0, 1, 2, nil, 3, nil])
        #expect(history.events.count == 4)
        #expect(history.dropped == 2)
    }

    @Test("the events of an operation, a request and a payment are found")
    func indices() {
        var history = History()
        let happened: [HistoryEvent.What] = [
            .pay(0), .attempt(0), .link(1, .request, .sent), .pay(1, key: "k-2"), .capture(1),
            .paid(0), .read(2), .refused(2, .paymentNotFound), .token(isBad: false, accepted: true),
        ]
        for event in happened.events { history.append(event) }
        #expect(history.indices(ofOperation: 0) == [0, 1, 5])
        #expect(history.indices(ofRequest: "req-0-1") == [1, 2, 8])
        #expect(history.indices(ofPayment: "pay_1") == [4, 5, 6])
    }
}
