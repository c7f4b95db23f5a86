import Logging
import TransportCore

/// Logs unexpected errors of outgoing calls, whose cause clients are not told.
///
/// An error is unexpected if its status carries no reason of ours. Cancelled, late, unavailable and
/// overloaded peers are expected.
struct FaultLog: Channel {
    private let base: any Channel
    private let callee: ServiceName
    private let logger: Logger

    init(_ base: any Channel, to callee: ServiceName, _ logger: Logger) {
        self.base = base
        self.callee = callee
        self.logger = logger
    }

    func unary(_ call: OutgoingCall, _ message: [UInt8]) async throws(RPCError) -> UnaryReply {
        do throws(RPCError) {
            return try await self.base.unary(call, message)
        } catch {
            self.note(error, call)
            throw error
        }
    }

    func open(_ call: OutgoingCall) async throws(RPCError) -> ClientStream {
        do throws(RPCError) {
            return try await self.base.open(call)
        } catch {
            self.note(error, call)
            throw error
        }
    }

    private func note(_ error: RPCError, _ call: OutgoingCall) {
        guard error.isFault else { return }
        self.logger.warning(
            "a call failed",
            metadata: [
                "service": "\(self.callee.rawValue)",
                "method": "\(call.method)",
                "status": "\(error.code.name)",
                "cause": "\(error.message.prefix(200))",
                "request_id": "\(CallScope.current.requestID ?? "-")",
            ]
        )
    }
}

extension RPCError {
    fileprivate var isFault: Bool {
        switch self.code {
        case .cancelled, .deadlineExceeded, .unavailable, .resourceExhausted: false
        default: self.reason == nil
        }
    }
}
