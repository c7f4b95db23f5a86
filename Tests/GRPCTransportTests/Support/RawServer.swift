import NIOCore
import NIOPosix
import TransportCore

@testable import GRPCTransport

/// A listening socket whose connections are controlled by the test.
final class RawServer {
    private let listener: any NIOCore.Channel
    private var accepted: AsyncStream<RawSocket>.Iterator

    /// An accepted connection that has not been read.
    struct RawSocket: Sendable {
        let channel: any NIOCore.Channel
        let handler: RawArrivals
        let arrivals: AsyncStream<[UInt8]>
    }

    var endpoint: Endpoint {
        Endpoint(host: "127.0.0.1", port: self.listener.localAddress?.port ?? 0)
    }

    init(port: Int = 0, tls: MutualTLS? = nil) async throws {
        let (stream, arrival) = AsyncStream.makeStream(of: RawSocket.self)
        self.accepted = stream.makeAsyncIterator()
        self.listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                let (bytes, byteArrival) = AsyncStream.makeStream(of: [UInt8].self)
                let handler = RawArrivals(byteArrival)
                arrival.yield(RawSocket(channel: channel, handler: handler, arrivals: bytes))
                return channel.eventLoop.makeCompletedFuture {
                    let handlers = tls?.serverHandlers() ?? []
                    try channel.pipeline.syncOperations.addHandlers(handlers + [handler])
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .get()
    }

    /// Accepts the next connection without reading from it.
    func accept() async throws -> RawConnection {
        guard let socket = await self.accepted.next(isolation: #isolation) else {
            throw RawFailure.noConnection
        }
        return RawConnection(socket.channel, socket.handler, socket.arrivals)
    }

    /// Accepts the next connection and exchanges preface and SETTINGS.
    func acceptHTTP2(_ settings: Frame = .settings()) async throws -> RawConnection {
        let connection = try await self.accept()
        try await connection.readPreface()
        try await connection.send(settings, .settingsAck)
        return connection
    }

    func close() { self.listener.close(promise: nil) }
}

extension RawConnection {
    func readPreface() async throws {
        guard await self.take(Self.preface.count) == Self.preface else {
            throw RawFailure.noHandshake
        }
    }

    /// Waits for the headers of the next request; returns its stream.
    func request() async throws -> Int32 {
        guard let headers = await self.first(Frame.Kind.headers) else { throw RawFailure.noAnswer }
        return headers.stream
    }
}
