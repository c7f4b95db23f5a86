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

/// Records the time limits of actions.
final class SeenLimits: Sendable {
    private let seen = Mutex<[Duration]>([])

    var all: [Duration] { self.seen.withLock { $0 } }

    var bound: Gateway.Bound {
        { limit, effect, _ throws(DomainError) in
            self.seen.withLock { $0.append(limit) }
            return try await effect()
        }
    }
}

/// A payment service that fails every request.
struct FailingPayments: PaymentTaking {
    let error: DomainError

    func createPayment(_ order: PaymentOrder) async throws(DomainError) -> PaymentReceipt {
        throw self.error
    }

    func payment(
        _ paymentID: PaymentID,
        owner: Subject?
    ) async throws(DomainError) -> PaymentHistory {
        throw self.error
    }
}

/// A refund service that fails every request.
struct FailingRefunds: RefundGiving {
    let error: DomainError

    func createRefund(_ order: RefundOrder) async throws(DomainError) -> RefundReceipt {
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
