import NIOCore

@testable import GRPCTransport

/// Holds a session, which cannot be copied, and reads its events.
final class SessionBox {
    let session: NGHTTP2Session

    init(_ session: consuming NGHTTP2Session) { self.session = session }

    static func pair() throws -> (client: SessionBox, server: SessionBox) {
        let client = try NGHTTP2Session.open(as: .client, .init())
        let server = try NGHTTP2Session.open(as: .server, .init())
        return (SessionBox(client), SessionBox(server))
    }

    /// Moves bytes both ways until neither side has any.
    static func exchange(_ left: SessionBox, _ right: SessionBox) throws {
        var isQuiet = false
        while !isQuiet {
            let fromLeft = try left.output()
            try right.feed(fromLeft)
            let fromRight = try right.output()
            try left.feed(fromRight)
            isQuiet = fromLeft.readableBytes == 0 && fromRight.readableBytes == 0
        }
    }

    func feed(_ buffer: ByteBuffer) throws {
        try unsafe buffer.withUnsafeReadableBytes { try unsafe self.session.receive($0) }
    }

    var inbox: SessionInbox { self.session.inbox }
    var isFinished: Bool { self.session.isFinished }

    /// The names of the events, in order.
    var names: [String] {
        self.session.inbox.events.map { event in
            switch event {
            case .headers(_, _, let oversized, _): oversized ? "oversized" : "headers"
            case .data: "data"
            case .remoteEnded: "remoteEnded"
            case .streamClosed: "streamClosed"
            case .requestNotSent: "requestNotSent"
            case .responseNotSent: "responseNotSent"
            case .goAway: "goAway"
            case .settings: "settings"
            case .pingAck: "pingAck"
            case .ping: "ping"
            }
        }
    }

    /// The DATA bytes received on `stream`.
    func data(_ stream: Int32) -> [UInt8] {
        self.session.inbox.events.flatMap { event -> ArraySlice<UInt8> in
            guard case .data(stream, let bytes) = event else { return [] }
            return self.session.inbox.bytes[bytes]
        }
    }

    private func output() throws -> ByteBuffer {
        var buffer = ByteBuffer()
        repeat {
            while try self.session.send(into: &buffer) {}
        } while try self.submitDueTrailers()
        return buffer
    }

    private func submitDueTrailers() throws -> Bool {
        let inbox = self.session.inbox
        let due = inbox.drained
        inbox.drained = []
        for stream in due {
            guard case .trailers(let trailers)? = inbox.bodies[stream]?.ending else { continue }
            try self.session.submitTrailers(stream, trailers)
        }
        return !due.isEmpty
    }
}
