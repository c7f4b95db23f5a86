import NIOCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A port without a listener, reserved for one server.
final class HeldPort {
    let number: Int
    private let socketDescriptor: Int32

    var address: SocketAddress {
        get throws { try SocketAddress(ipAddress: "127.0.0.1", port: self.number) }
    }

    init() throws {
        #if canImport(Glibc)
        let kind = Int32(SOCK_STREAM.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        self.socketDescriptor = socket(AF_INET, kind, 0)
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        unsafe setsockopt(self.socketDescriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
        self.number = try Self.bind(self.socketDescriptor)
    }

    deinit { close(self.socketDescriptor) }

    /// Binds to a free loopback port and returns its number.
    private static func bind(_ descriptor: Int32) throws -> Int {
        let any = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
        let code = unsafe any.withSockAddr { address, size in
            unsafe systemBind(descriptor, address, socklen_t(size))
        }
        guard code == 0 else { throw RawFailure.noConnection }
        // A `sockaddr_in` has a family of two bytes, then the port, big-endian.
        var name = [UInt8](repeating: 0, count: 16)
        var size = socklen_t(name.count)
        unsafe name.withUnsafeMutableBytes { bytes in
            let address = unsafe bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            if let address = unsafe address { unsafe _ = getsockname(descriptor, address, &size) }
        }
        return Frame.number(name[2..<4])
    }
}

/// The system's `bind`, which the method of the same name hides.
private func systemBind(
    _ descriptor: Int32,
    _ address: UnsafePointer<sockaddr>,
    _ size: socklen_t
) -> Int32 { unsafe bind(descriptor, address, size) }
