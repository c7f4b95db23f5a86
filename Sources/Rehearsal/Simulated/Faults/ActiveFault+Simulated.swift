import DrillEngine
import InMemoryTransport
import Scenarios

extension ActiveFault {
    /// True when it strikes a message between two nodes; faults of calls name the callee.
    func concerns(_ linkMessage: LinkMessage, _ from: Node, _ to: Node) -> Bool {
        switch self.plan.kind {
        case .rpcAbort(_, let method), .rpcDelay(_, let method), .rpcRequestLoss(let method):
            linkMessage.phase == .request && self.isAimed(at: to) && linkMessage.isOf(method)
        case .rpcReplyLoss(let method):
            linkMessage.phase == .reply && self.isAimed(at: from) && linkMessage.isOf(method)
        case .rpcCorrupt(let method), .rpcTruncate(let method):
            // Bytes to the edge stand for HTTP, which is not ours to mangle.
            linkMessage.method != RehearsedEdge.method && linkMessage.isOf(method)
                && linkMessage.bytes > 0
                && (linkMessage.phase == .request ? self.isAimed(at: to) : self.isAimed(at: from))
        default: self.isAimed(from: from, to: to)
        }
    }

    /// Does to a message what it is for; false when that changed nothing.
    func strike(_ passage: inout Passage, at now: Duration) -> Bool {
        guard !passage.delays.isEmpty else { return false }
        switch self.plan.kind {
        case .netPartition, .netDrop, .rpcRequestLoss, .rpcReplyLoss: passage.delays = []
        case .netDelay(let extra), .rpcDelay(let extra, _): passage.delay(by: extra)
        case .netDuplicate: passage.delays.append(passage.delays[0] * 2)
        case .netReorder: passage.delay(by: passage.delays[0] * 5)
        case .netClog: passage.delay(by: Swift.max(.zero, (self.until ?? now) - now))
        case .rpcAbort(let status, _): passage.damage = .aborted(status: status)
        case .rpcCorrupt: passage.damage = .corrupted
        case .rpcTruncate: passage.damage = .truncated
        default: return false
        }
        return true
    }
}

extension LinkMessage {
    fileprivate func isOf(_ method: String?) -> Bool {
        guard let method else { return true }
        return self.method == method || self.method.hasSuffix("/\(method)")
    }
}
