/// Gathers every violation of one message, so that a caller learns them all at once.
struct Validation {
    private var violations: [FieldViolation] = []

    /// What the caller is told when a value could not be taken.
    var failure: DomainError { .invalid(self.violations) }

    /// The value, or nil when it broke a rule; the violation is then kept.
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
