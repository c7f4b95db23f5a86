/// Every action that the gateway offers; validated once at start.
package struct Catalogue: Sendable {
    /// The actions in the order given.
    package let actions: [Action]

    /// Validates the actions.
    ///
    /// - Parameters:
    ///   - actions: The actions to offer.
    ///   - knownMethods: The methods that the services implement, such as
    ///     `payment.PaymentService/CreatePayment`.
    /// - Throws: The first violation, with the name of the action.
    package init(_ actions: [Action], knownMethods: [String]) throws(CatalogueError) {
        var names: Set<String> = []
        for action in actions {
            guard names.insert(action.name).inserted else {
                throw .duplicateAction(action.name)
            }
            try Self.check(action, knownMethods)
        }
        self.actions = actions
    }

    package func action(named name: String) -> Action? {
        self.actions.first { $0.name == name }
    }

    /// The range of an action's deadline.
    package static let timeoutRange: ClosedRange<Duration> = .milliseconds(1)...(.seconds(60))

    private static func check(_ action: Action, _ knownMethods: [String]) throws(CatalogueError) {
        guard Self.isName(action.name) else { throw .malformedName(action.name) }
        guard Scope.isValid(action.scope) else {
            throw .malformedScope(action: action.name, scope: action.scope)
        }
        guard Self.timeoutRange.contains(action.timeout) else {
            throw .timeoutOutOfRange(action: action.name, timeout: action.timeout)
        }
        let method = action.service + "/" + action.method
        guard knownMethods.contains(method) else {
            throw .unknownMethod(action: action.name, method: method)
        }
        try Self.checkFields(of: action)
    }

    /// Rejects duplicate field names; `action` is reserved for the field that chooses the action.
    private static func checkFields(of action: Action) throws(CatalogueError) {
        var names: Set<String> = [FieldRule.action.name]
        for field in action.fields {
            guard names.insert(field.name).inserted else {
                throw .duplicateField(action: action.name, field: field.name)
            }
        }
    }

    /// Lower-case letters, digits and underscores after a letter; at most 64 characters.
    private static func isName(_ name: String) -> Bool {
        let isLetter = { (byte: UInt8) in (0x61...0x7A).contains(byte) }
        return name.utf8.count <= 64 && name.utf8.first.map(isLetter) == true
            && name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}

/// Reasons to reject a catalogue or the routes over it.
package enum CatalogueError: Error, Hashable, Sendable {
    case duplicateAction(String)
    case malformedName(String)
    case malformedScope(action: String, scope: String)
    case timeoutOutOfRange(action: String, timeout: Duration)
    case unknownMethod(action: String, method: String)
    case duplicateField(action: String, field: String)
    /// A route runs an action that is not in the catalogue.
    case missingAction(String)
}

extension Catalogue {
    /// The actions of the shipped gateway.
    package static func standard(
        payments: any PaymentTaking,
        refunds: any RefundGiving,
        derivation: IDDerivation,
        defaultCurrency: Currency,
        knownMethods: [String]
    ) throws(CatalogueError) -> Catalogue {
        try Catalogue(
            [
                .createPayment(
                    over: payments,
                    derivation: derivation,
                    defaultCurrency: defaultCurrency
                ),
                .createRefund(over: refunds),
                .getPayment(over: payments),
            ],
            knownMethods: knownMethods
        )
    }
}
