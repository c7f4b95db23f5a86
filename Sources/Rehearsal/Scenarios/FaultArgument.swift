/// An argument of a kind of fault: its keys, and its value in a file and as text.
struct FaultArgument<Value>: Sendable {
    var needs: [String] = []
    var takes: [String] = []
    var narrows: [String: String] = [:]
    /// Nil when the value is missing or wrong, which is then reported.
    let read: @Sendable (FaultReader) -> Value?
    let write: @Sendable (Value) -> [(key: String, value: FlowText)]

    /// Two arguments.
    static func both<First, Second>(
        _ first: FaultArgument<First>,
        _ second: FaultArgument<Second>
    ) -> Self where Value == (First, Second) {
        Self(
            needs: first.needs + second.needs,
            takes: first.takes + second.takes,
            narrows: first.narrows.merging(second.narrows) { narrow, _ in narrow },
            read: { reader in
                let values = (first.read(reader), second.read(reader))
                guard let one = values.0, let other = values.1 else { return nil }
                return (one, other)
            },
            write: { first.write($0.0) + second.write($0.1) }
        )
    }
}

extension FaultArgument where Value == Void {
    static var none: Self { Self(read: { _ in () }, write: { _ in [] }) }
}

extension FaultArgument where Value == Duration {
    /// A delay.
    static var by: Self {
        Self(
            needs: ["by"],
            narrows: ["by": "window"],
            read: { $0.fields.required("by", .window()) },
            write: { [("by", .duration($0))] }
        )
    }

    /// A jump of a clock, forward or back.
    static var jump: Self {
        Self(
            needs: ["by"],
            read: { reader in
                let day = Duration.seconds(86_400)
                let jump = reader.fields.required("by", .duration(.zero - day...day))
                if jump == .zero { reader.add("by", "by: a jump by 0s is none") }
                return jump
            },
            write: { [("by", .duration($0))] }
        )
    }

    static var overlap: Self {
        Self(
            needs: ["overlap"],
            read: { $0.fields.required("overlap", .duration()) },
            write: { [("overlap", .duration($0))] }
        )
    }

    /// The time between stop and start; a second by default.
    static var gap: Self {
        Self(
            takes: ["gap"],
            read: { $0.fields.optional("gap", .duration()) ?? .seconds(1) },
            write: { $0 == .seconds(1) ? [] : [("gap", .duration($0))] }
        )
    }
}

extension FaultArgument where Value == Double {
    /// The chance that the fault strikes a message.
    static var chance: Self {
        Self(
            needs: ["p"],
            read: { $0.fields.required("p", .chance()) },
            write: { [("p", .number($0))] }
        )
    }

    /// The drift of a clock.
    static var rate: Self {
        Self(
            needs: ["rate"],
            read: { reader in
                let rate = reader.fields.required("rate", .number(-0.9...0.9))
                if rate == 0 { reader.add("rate", "rate: a drift of 0 is none") }
                return rate
            },
            write: { [("rate", .number($0))] }
        )
    }
}

extension FaultArgument where Value == String {
    /// The status of the call; UNAVAILABLE by default.
    static var status: Self {
        Self(
            takes: ["status"],
            read: {
                $0.fields.optional("status", .choice(of: Vocabulary.statuses, "status"))
                    ?? "UNAVAILABLE"
            },
            write: { $0 == "UNAVAILABLE" ? [] : [("status", .atom($0))] }
        )
    }
}

extension FaultArgument where Value == String? {
    /// The method whose calls the fault strikes; nil for all methods.
    static var method: Self {
        Self(
            takes: ["method"],
            read: {
                .some($0.fields.optional("method", .choice(of: Vocabulary.methods, "method")))
            },
            write: { method in method.map { [("method", .atom($0))] } ?? [] }
        )
    }
}

extension FaultArgument where Value == Duration? {
    static var restartAfter: Self {
        Self(
            takes: ["restart_after"],
            read: { .some($0.fields.optional("restart_after", .duration())) },
            write: { time in time.map { [("restart_after", .duration($0))] } ?? [] }
        )
    }
}

extension FaultArgument where Value == ClosedRange<Int>? {
    static var steps: Self {
        Self(
            takes: ["steps"],
            read: { .some($0.fields.optional("steps", .range(0...10_000))) },
            write: { steps in
                steps.map { [("steps", .atom("\($0.lowerBound)..\($0.upperBound)"))] } ?? []
            }
        )
    }
}
