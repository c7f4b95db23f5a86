import Testing

/// Expects that an input of a state machine has the result of `expected` in its states, and `usual`
/// in all others.
func expect<Place: Hashable & CaseIterable, State, Output: Equatable>(
    _ expected: [Place: Output],
    elsewhere usual: Output,
    in state: (Place) -> State,
    at location: SourceLocation = #_sourceLocation,
    from input: (inout State) -> Output
) {
    for place in Place.allCases {
        var state = state(place)
        let result = input(&state)
        #expect(result == expected[place] ?? usual, "\(place)", sourceLocation: location)
    }
}
