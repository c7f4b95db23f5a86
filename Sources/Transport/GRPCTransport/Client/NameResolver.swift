public import NIOCore
import NIOPosix
public import TransportCore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Resolves names to addresses.
public protocol NameResolver: Sendable {
    /// Returns all addresses of `endpoint`, at least one.
    ///
    /// - Throws: UNAVAILABLE when there is none.
    func resolve(_ endpoint: Endpoint) async throws(RPCError) -> [SocketAddress]
}

/// Resolves names through the operating system (`getaddrinfo`), on a thread that may block.
public struct SystemResolver: NameResolver {
    private let threads: NIOThreadPool

    /// Creates a resolver on NIO's shared thread pool for blocking calls.
    public init() { self.threads = .singleton }

    /// Returns all addresses of the name, IPv6 and IPv4 alternating (gRFC A61), each once.
    public func resolve(_ endpoint: Endpoint) async throws(RPCError) -> [SocketAddress] {
        do {
            let found = try await self.threads.runIfActive { try lookUp(endpoint) }
            return interleaved(found)
        } catch let error as RPCError {
            throw error
        } catch {
            throw RPCError(
                .unavailable,
                "the name '\(endpoint.host)' was not looked up: the process is ending"
            )
        }
    }
}

private func lookUp(_ endpoint: Endpoint) throws(RPCError) -> [SocketAddress] {
    if let literal = try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port) {
        return [literal]
    }
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(endpoint.host, "\(endpoint.port)", &hints, &list)
    guard code == 0 else {
        let reason = reason(code, errno)
        throw RPCError(
            .unavailable,
            "the name '\(endpoint.host)' has no address: \(reason)",
            wasNeverProcessed: true
        )
    }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
        if let address = unsafe socketAddress(entry.pointee), !addresses.contains(address) {
            addresses.append(address)
        }
        unsafe next = entry.pointee.ai_next
    }
    return addresses
}

/// The reason for a failed look-up; only `errno` tells of exhausted descriptors.
private func reason(_ code: Int32, _ number: Int32) -> String {
    guard code == EAI_SYSTEM else { return unsafe String(cString: gai_strerror(code)) }
    return unsafe String(cString: strerror(number))
}

private func socketAddress(_ entry: addrinfo) -> SocketAddress? {
    guard let pointer = unsafe entry.ai_addr else { return nil }
    switch unsafe entry.ai_family {
    case AF_INET:
        return unsafe pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
            unsafe SocketAddress($0.pointee)
        }
    case AF_INET6:
        return unsafe pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
            unsafe SocketAddress($0.pointee)
        }
    default: return nil
    }
}

/// Alternates the families of `addresses`, starting with the first one's.
func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
    guard let first = addresses.first else { return [] }
    let mine = addresses.filter { $0.protocol == first.protocol }
    let others = addresses.filter { $0.protocol != first.protocol }
    var result: [SocketAddress] = []
    for index in 0..<max(mine.count, others.count) {
        if index < mine.count { result.append(mine[index]) }
        if index < others.count { result.append(others[index]) }
    }
    return result
}
