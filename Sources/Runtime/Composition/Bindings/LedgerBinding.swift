package import Domain
import ServiceMessages
import SwiftProtobuf
package import TransportCore

/// The gRPC service `ledger.LedgerService`.
package enum LedgerBinding {
    package static let service = "ledger.LedgerService"

    static let recordTransaction = Method<
        Ledger_RecordTransactionRequest, Ledger_RecordTransactionResponse
    >(
        "\(service)/RecordTransaction"
    )
    static let recordRefund = Method<Ledger_RecordRefundRequest, Ledger_RecordRefundResponse>(
        "\(service)/RecordRefund"
    )
    static let getTransaction = Method<Ledger_GetTransactionRequest, Ledger_GetTransactionResponse>(
        "\(service)/GetTransaction"
    )
    static let getBalance = Method<Ledger_GetBalanceRequest, Ledger_GetBalanceResponse>(
        "\(service)/GetBalance"
    )
    static let listEntries = Method<Ledger_ListEntriesRequest, Ledger_Entry>(
        "\(service)/ListEntries",
        kind: .serverStreaming
    )

    static let watch = Method<Ledger_WatchRequest, Ledger_Event>(
        "\(service)/Watch",
        kind: .serverStreaming
    )

    /// The access rule of each method.
    package static let access: [String: Access] = [
        recordTransaction.name: .scope(Scope.ledgerCapture),
        recordRefund.name: .scope(Scope.ledgerRefund),
        getTransaction.name: .scope(Scope.ledgerRead),
        getBalance.name: .scope(Scope.ledgerRead),
        listEntries.name: .scope(Scope.ledgerRead),
        watch.name: .scope(Scope.ledgerRead),
    ]

    /// The methods, served by `ledger`.
    package static func methods(_ ledger: Ledger, defaultCurrency: Currency) -> [RegisteredMethod] {
        [
            .domain(recordTransaction) { request, call throws(DomainError) in
                let capture = try Capture(request, call, defaultCurrency)
                return Ledger_RecordTransactionResponse(
                    try await ledger.record(capture)
                )
            },
            .domain(recordRefund) { request, call throws(DomainError) in
                let draft = try RefundDraft(request, call)
                return Ledger_RecordRefundResponse(
                    try await ledger.record(draft)
                )
            },
            .domain(getTransaction) { request, _ throws(DomainError) in
                let history = try await ledger.history(
                    of: try PaymentID(request.paymentID),
                    owner: try Subject.unlessEmpty(request.owner)
                )
                return Ledger_GetTransactionResponse(history)
            },
            .domain(getBalance) { request, _ throws(DomainError) in
                try await balance(request, of: ledger, defaultCurrency)
            },
            .serverStreaming(listEntries) { request, _, writer in
                try await list(request, from: ledger, to: writer)
            },
            .serverStreaming(watch) { request, _, writer in
                try await follow(request, of: ledger, to: writer)
            },
        ]
    }

    private static func balance(
        _ request: Ledger_GetBalanceRequest,
        of ledger: Ledger,
        _ defaultCurrency: Currency
    ) async throws(DomainError) -> Ledger_GetBalanceResponse {
        let account = try Account(name: request.account)
        let currency =
            request.currency.isEmpty ? defaultCurrency : try Currency(code: request.currency)
        let balance = try await ledger.balance(of: account, in: currency)
        return .with {
            $0.account = account.name
            $0.currency = currency.code
            $0.debits = balance.debits
            $0.credits = balance.credits
        }
    }
}

extension Capture {
    fileprivate init(
        _ request: Ledger_RecordTransactionRequest,
        _ call: IncomingCall,
        _ defaultCurrency: Currency
    ) throws(DomainError) {
        try self.init(
            paymentID: request.paymentID,
            amount: request.amount,
            currency: request.currency,
            method: request.method,
            orderID: request.orderID,
            subject: call.subject(or: request.subject),
            defaultCurrency: defaultCurrency
        )
    }
}

extension RefundDraft {
    fileprivate init(
        _ request: Ledger_RecordRefundRequest,
        _ call: IncomingCall
    ) throws(DomainError) {
        try self.init(
            id: request.refundID,
            paymentID: request.paymentID,
            amount: request.hasAmount ? request.amount : nil,
            reason: request.reason,
            subject: call.subject(or: request.subject),
            owner: request.owner
        )
    }
}
