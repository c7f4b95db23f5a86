/// Reads the fields of a request by their rules and reports all violations at once.
struct FieldReader {
    private let rules: [FieldRule]
    private(set) var values = FieldValues()
    private var violations: [FieldViolation] = []
    private var unknown: [String] = []
    private var ambiguous: [String] = []
    private var broken: [String] = []

    init(_ rules: [FieldRule]) {
        self.rules = rules
    }

    /// The longest prefix of an unknown field's name that an answer repeats, in characters.
    static let echoMax = 64

    /// Takes one field.
    ///
    /// A repeated field is accepted with the same value and ambiguous with another.
    mutating func read(_ field: GatewayRequest.Field) {
        guard let rule = self.rules.first(where: { $0.name == field.name }) else {
            self.unknown.append(String(field.name.prefix(Self.echoMax)))
            return
        }
        guard let value = rule.normalised(field.value) else {
            self.broken.append(rule.name)
            return
        }
        if let first = self.values[rule.name], first != value {
            self.ambiguous.append(rule.name)
        }
        self.values[rule.name] = value
    }

    /// Adds a violation found outside the fields.
    mutating func note(_ violation: FieldViolation) {
        self.violations.append(violation)
    }

    /// Returns the values, or throws every violation found.
    func finish() throws(Problem) -> FieldValues {
        let found = self.violations + self.rules.compactMap(self.violation) + self.unknownFields
        guard found.isEmpty else {
            throw Problem(self.code, "See errors for each field.", violations: found)
        }
        return self.values
    }

    private var code: ProblemCode {
        if !self.unknown.isEmpty { return .unknownField }
        return self.ambiguous.isEmpty ? .validationFailed : .ambiguousField
    }

    private func violation(of rule: FieldRule) -> FieldViolation? {
        if self.broken.contains(rule.name) {
            return FieldViolation(rule.name, rule.requirement)
        }
        if self.ambiguous.contains(rule.name) {
            return FieldViolation(rule.name, "was given twice, with different values")
        }
        guard rule.isRequired, self.values[rule.name] == nil else { return nil }
        return FieldViolation(rule.name, "is required: " + rule.requirement)
    }

    private var unknownFields: [FieldViolation] {
        self.unknown.prefix(Problem.violationsMax).map { FieldViolation($0, "is not known here") }
    }
}
