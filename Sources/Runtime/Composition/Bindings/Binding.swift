import Domain
import Identity
import SwiftProtobuf
import TransportCore

extension RegisteredMethod {
    /// A unary method answered by a Domain actor, whose errors become statuses.
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
    /// The call scope may bound the call. Statuses become Domain errors. A reply that `read`
    /// rejects is an internal error, never the caller's.
    ///
    /// `effect` tells whether the call may change state.
    func ask<Request, Response, Answer>(
        _ method: Method<Request, Response>,
        effect: CallEffect,
        _ fill: (inout Request) -> Void,
        read: (Response) throws(DomainError) -> Answer
    ) async throws(DomainError) -> Answer {
        var request = Request()
        fill(&request)
        let response: Response
        do throws(RPCError) {
            // Ids of writes derive from the client's request, so a repeated write has no further
            // effect.
            let timeout = CallScope.current.timeout ?? OutgoingChannels.timeoutMax
            let options = CallOptions(timeout: timeout, isIdempotent: true)
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
    /// `subject` or, if it is empty, the calling service with a prefix that no user's subject has.
    func subject(or subject: String) -> String {
        guard subject.isEmpty, let caller = self.caller else { return subject }
        return UserAuthenticator.servicePrefix + caller.subject
    }
}

extension DomainError {
    /// Unwraps a field of a peer's reply; nil is an internal error.
    static func unreadable<Value>(_ value: Value?) throws(DomainError) -> Value {
        guard let value else { throw .internalFault }
        return value
    }
}

extension Amount {
    /// An amount from another service, whose currency may be withdrawn since.
    static func recorded(_ minorUnits: Int64, _ currency: String) throws(DomainError) -> Amount {
        let currency = try DomainError.unreadable(Currency(recorded: currency))
        return try Amount(minorUnits: minorUnits, currency: currency)
    }
}
