import Checkers

/// A history that a correct system leaves, at random: operations overlap, each takes effect at one
/// moment between its beginning and its end, and some clients never learn what happened.
struct RandomStory {
    /// An operation, and when it does what.
    private struct Act {
        let operation: Operation
        let start: Int
        /// The time at which each try takes effect, if it arrives; the last one is answered.
        let efforts: [Int]
        let end: Int
        let isLost: Bool
    }

    private enum Moment {
        case start(Operation)
        case attempt(Int, Int)
        case effect(Int)
        case end(Int, isLost: Bool)
    }

    private var random: Dice
    private var acts: [Act] = []
    private var system = SequentialSystem()
    private(set) var events: [HistoryEvent] = []

    /// Plans about five operations a payment; one lasts `overlap` at most, the whole run 1,000.
    init(seed: UInt64, payments: Int, overlap: Int = 200) {
        self.random = Dice(state: seed)
        for payment in 0..<payments { self.plan(payment, overlap) }
        self.play()
    }

    private mutating func plan(_ payment: Int, _ overlap: Int) {
        let owner = "subject-\(payment % 3)"
        let pay = Operation.Request.pay(orderID: "o-\(payment)", amount: 100, currency: "EUR")
        self.add(pay, key: "k-\(payment)", by: owner, from: 0...100, overlap)
        for _ in 0..<Int(self.random.next() % 8) {
            let by = [owner, owner, owner, "admin", "stranger"][Int(self.random.next() % 5)]
            let request = self.someRequest(payment)
            let key = self.key(for: request, payment)
            self.add(request, key: key, by: by, from: 0...1_000, overlap)
        }
    }

    private mutating func someRequest(_ payment: Int) -> Operation.Request {
        let name = "pay_k-\(payment)"
        switch self.random.next() % 10 {
        case 0: return .pay(orderID: "o-\(payment)", amount: 100, currency: "EUR")
        case 1: return .pay(orderID: "o-\(payment)", amount: 90, currency: "EUR")
        case 2: return .refund(paymentID: name, amount: nil)
        case 3, 4, 5, 6:
            return .refund(paymentID: name, amount: Int64(self.random.next() % 4 + 1) * 15)
        default: return .read(paymentID: name)
        }
    }

    private mutating func key(for request: Operation.Request, _ payment: Int) -> String? {
        switch request {
        case .pay: "k-\(payment)"
        case .refund: "r-\(payment)-\(self.random.next() % 5)"
        case .read: nil
        }
    }

    private mutating func add(
        _ request: Operation.Request,
        key: String?,
        by subject: String,
        from starts: ClosedRange<Int>,
        _ overlap: Int
    ) {
        let start = Int.random(in: starts, using: &self.random) * 1_000
        var times = (0..<3).map { _ in
            start + Int.random(in: 1...overlap * 1_000, using: &self.random)
        }
        times.sort()
        let isLost = self.random.next() % 5 == 0
        var efforts = self.random.next() % 4 == 0 ? [times[0], times[1]] : [times[1]]
        // A lost one arrives in time, after its client gave up, or never.
        if isLost { efforts = [[times[1]], [times[2] + 90_000], []][Int(self.random.next() % 3)] }
        let operation = Operation(
            id: self.acts.count,
            client: "shop-\(self.acts.count % 7)",
            subject: subject,
            request: request,
            key: key
        )
        let act = Act(
            operation: operation,
            start: start,
            efforts: efforts,
            end: times[2],
            isLost: isLost
        )
        self.acts.append(act)
    }

    private mutating func play() {
        var moments: [(at: Int, Moment)] = []
        for (id, act) in self.acts.enumerated() {
            moments.append((act.start, .start(act.operation)))
            var since = act.start
            for (number, effort) in act.efforts.enumerated() {
                moments.append((since, .attempt(id, number + 1)))
                moments.append((effort, .effect(id)))
                since = effort
            }
            moments.append((act.end, .end(id, isLost: act.isLost)))
        }
        // The order of equal times is that of the moments' making.
        let order = moments.indices.sorted { (moments[$0].at, $0) < (moments[$1].at, $1) }
        var answers: [Int: Outcome] = [:]
        for (at, moment) in order.map({ moments[$0] }) { self.play(moment, at: at, &answers) }
    }

    private mutating func play(_ moment: Moment, at: Int, _ answers: inout [Int: Outcome]) {
        switch moment {
        case .start(let operation): self.tell(.invoked(operation), at)
        case .attempt(let id, let number): self.tell(.attempt(id, number), at)
        case .effect(let id):
            let (outcome, posted) = self.system.perform(self.acts[id].operation)
            answers[id] = outcome
            if let posted { self.tell(.committed(posted), at) }
        case .end(let id, let isLost):
            let answer = isLost ? nil : answers[id]
            self.tell(.returned(operation: id, answer ?? .unknown(code: "unavailable")), at)
        }
    }

    private mutating func tell(_ what: HistoryEvent.What, _ at: Int) {
        self.events.append(HistoryEvent(at: Int64(at), what))
    }
}

/// SplitMix64, whose state is its seed.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
