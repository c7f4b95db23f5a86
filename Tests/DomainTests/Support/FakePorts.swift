import Domain
import Synchronization

/// Accepts tokens of the form `subject/scope+scope`, in a header that starts with `Bearer `.
struct FakeAuthenticator: Authenticating {
    func authenticate(authorization: [String]) throws(AuthenticationError) -> Principal {
        guard let header = authorization.first, header.hasPrefix("Bearer ") else {
            throw .missingCredentials
        }
        let token = header.dropFirst("Bearer ".count)
        if token == "no-keys" { throw .unavailable }
        let parts = token.split(separator: "/")
        guard parts.count == 2, let subject = try? Subject(String(parts[0])) else {
            throw .invalidToken
        }
        return Principal(
            subject: subject,
            scopes: Set(parts[1].split(separator: "+").map(String.init))
        )
    }
}

struct FakeHealth: HealthReporting {
    let services: [ServiceHealth]

    func health() async -> [ServiceHealth] { self.services }
}

/// A payment service that fails every request and records its timeouts.
final class FailingPayments: PaymentTaking {
    let error: DomainError
    private let seen = Mutex<[Duration]>([])

    init(_ error: DomainError) {
        self.error = error
    }

    var limits: [Duration] { self.seen.withLock { $0 } }

    func createPayment(
        _ order: PaymentOrder,
        within: Duration
    ) async throws(DomainError) -> PaymentReceipt {
        self.seen.withLock { $0.append(within) }
        throw self.error
    }

    func payment(
        _ paymentID: PaymentID,
        owner: Subject?,
        within: Duration
    ) async throws(DomainError) -> PaymentHistory {
        self.seen.withLock { $0.append(within) }
        throw self.error
    }
}

/// A refund service that fails every request.
struct FailingRefunds: RefundGiving {
    let error: DomainError

    func createRefund(
        _ order: RefundOrder,
        within: Duration
    ) async throws(DomainError) -> RefundReceipt {
        throw self.error
    }
}

/// Makes `fresh-1`, `fresh-2`, and so on.
final class CountedKeys: Sendable {
    private let count = Mutex(0)

    func next() -> String {
        self.count.withLock { count in
            count += 1
            return "fresh-\(count)"
        }
    }
}
