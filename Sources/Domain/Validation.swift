/// Collects every violation of one message, so that callers learn all of them at once.
struct Validation {
    private var violations: [FieldViolation] = []

    /// The error with every violation collected.
    var failure: DomainError { .invalid(self.violations) }

    /// The value, or nil after recording its violation.
    mutating func take<Value>(_ make: @autoclosure () throws(DomainError) -> Value) -> Value? {
        do throws(DomainError) {
            return try make()
        } catch .invalid(let found) {
            self.violations += found
        } catch {
            preconditionFailure("Only validation may run here; something else threw \(error).")
        }
        return nil
    }
}
