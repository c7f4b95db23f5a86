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
