import Domain
import Identity
import SwiftProtobuf
import TransportCore

extension RegisteredMethod {
    /// Answers one request of a Domain actor: its failures become statuses.
    static func domain<Request, Response>(
        _ method: Method<Request, Response>,
        _ answer: @escaping @Sendable (Request, IncomingCall) async throws(DomainError) -> Response
    ) -> RegisteredMethod {
        .unary(method) { request, call in
            do throws(DomainError) {
                return try await answer(request, call)
            } catch {
                throw RPCError(error)
            }
        }
    }
}

extension Channel {
    /// Calls a method of another service.
    ///
    /// Statuses become Domain's failures; an answer that `read` cannot make sense of is our
    /// fault, never the caller's.
    /// `effect` says whether the call may change something.
    func ask<Request, Response, Answer>(
        _ method: Method<Request, Response>,
        effect: CallEffect,
        within: Duration,
        _ fill: (inout Request) -> Void,
        read: (Response) throws(DomainError) -> Answer
    ) async throws(DomainError) -> Answer {
        var request = Request()
        fill(&request)
        let response: Response
        do throws(RPCError) {
            // Every write has an id derived from what the client sent: twice is once.
            let options = CallOptions(timeout: within, isIdempotent: true)
            response = try await self.call(method, request, options)
        } catch {
            throw DomainError(error, of: effect)
        }
        do throws(DomainError) {
            return try read(response)
        } catch {
            throw .internalFault
        }
    }
}

extension IncomingCall {
    /// What the handler's own calls may take; the deadline of this one bounds them anyway.
    static let serviceTime = Duration.seconds(30)

    /// `subject`, or the calling service when it is empty: no user is ever called like one.
    func subject(or subject: String) -> String {
        guard subject.isEmpty, let caller = self.caller else { return subject }
        return UserAuthenticator.servicePrefix + caller.subject
    }
}

extension DomainError {
    /// An answer that our own peer should never give.
    static func unreadable<Value>(_ value: Value?) throws(DomainError) -> Value {
        guard let value else { throw .internalFault }
        return value
    }
}

extension Amount {
    /// An amount that another service sent: its currency may be one that is not active any more.
    static func recorded(_ minorUnits: Int64, _ currency: String) throws(DomainError) -> Amount {
        let currency = try DomainError.unreadable(Currency(recorded: currency))
        return try Amount(minorUnits: minorUnits, currency: currency)
    }
}
