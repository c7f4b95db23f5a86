/// The choices of a run in which several jobs could run next: with the seed, they decide one run of
/// `strategy: exhaustive`.
///
/// As text, such as `12:1,40:2`: at the choice 12 the second of those that were ready, at the choice
/// 40 the third, and the first at all others; `first` when it is always the first.
package struct Schedule: Hashable, Sendable {
    private static let always = "first"

    /// The place of what ran among what was ready, for each choice; past the end, the first.
    package let choices: [Int]

    /// More choices than these are in no run.
    private static let choicesMax = 10_000_000

    /// The schedule of these choices.
    package init(_ choices: [Int]) {
        let length = choices.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        self.choices = Array(choices[..<length])
    }
}

extension Schedule: LosslessStringConvertible {
    package var description: String {
        let turns = self.choices.enumerated().filter { $0.element != 0 }
        return turns.isEmpty
            ? Self.always : turns.map { "\($0.offset):\($0.element)" }.joined(separator: ",")
    }

    /// Reads ``description``; nil when it is none.
    package init?(_ text: String) {
        var choices: [Int] = []
        let turns = text.split(separator: ",", omittingEmptySubsequences: false)
        for turn in text == Self.always ? [] : turns {
            let numbers = turn.split(separator: ":", omittingEmptySubsequences: false)
            guard numbers.count == 2, let place = Int(numbers[0]), let index = Int(numbers[1]),
                (choices.count...Self.choicesMax).contains(place), index > 0
            else { return nil }
            choices += Array(repeating: 0, count: place - choices.count) + [index]
        }
        self.init(choices)
    }
}
