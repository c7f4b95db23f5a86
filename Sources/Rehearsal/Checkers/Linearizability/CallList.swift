/// The starts and answers of operations in order of time.
///
/// A doubly linked list: the search takes operations out and puts them back in reverse order.
struct CallList {
    enum Entry {
        case call(Int)
        case answer(Int)
    }

    private static let head = 0

    /// By place; the head has no entry.
    private var entries: [Entry?] = [nil]
    private var next: [Int] = []
    private var previous: [Int] = []
    /// By operation.
    private var callPlaces: [Int]
    private var answerPlaces: [Int?]

    init(_ operations: [LinearOperation]) {
        self.callPlaces = Array(repeating: 0, count: operations.count)
        self.answerPlaces = Array(repeating: nil, count: operations.count)
        var timed: [(at: Int, isAnswer: Bool, operation: Int)] = []
        for (index, operation) in operations.enumerated() {
            timed.append((operation.invokedAt, false, index))
            if let at = operation.returnedAt { timed.append((at, true, index)) }
        }
        // A start precedes an answer of the same time, so that the two operations overlap.
        timed.sort {
            ($0.at, $0.isAnswer ? 1 : 0, $0.operation) < ($1.at, $1.isAnswer ? 1 : 0, $1.operation)
        }
        for item in timed {
            let place = self.entries.count
            if item.isAnswer {
                self.answerPlaces[item.operation] = place
            } else {
                self.callPlaces[item.operation] = place
            }
            self.entries.append(item.isAnswer ? .answer(item.operation) : .call(item.operation))
        }
        let count = self.entries.count
        self.next = (0..<count).map { ($0 + 1) % count }
        self.previous = (0..<count).map { ($0 + count - 1) % count }
    }

    /// The place of the earliest entry; the head's place when the list is empty.
    var first: Int { self.next[Self.head] }

    func after(_ place: Int) -> Int { self.next[place] }

    func place(ofCall operation: Int) -> Int { self.callPlaces[operation] }

    /// The entry at `place`; nil at the head, which is the end.
    func entry(at place: Int) -> Entry? { self.entries[place] }

    /// Takes out an operation's start and answer.
    mutating func lift(_ operation: Int) {
        self.unlink(self.callPlaces[operation])
        if let place = self.answerPlaces[operation] { self.unlink(place) }
    }

    /// Puts back the operation that was taken out last.
    mutating func putBack(_ operation: Int) {
        if let place = self.answerPlaces[operation] { self.link(place) }
        self.link(self.callPlaces[operation])
    }

    private mutating func unlink(_ place: Int) {
        self.next[self.previous[place]] = self.next[place]
        self.previous[self.next[place]] = self.previous[place]
    }

    /// Links a place between the neighbours that it had.
    private mutating func link(_ place: Int) {
        self.next[self.previous[place]] = place
        self.previous[self.next[place]] = place
    }
}
