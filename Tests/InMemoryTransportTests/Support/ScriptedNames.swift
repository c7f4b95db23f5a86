import InMemoryTransport
import Synchronization
import TransportCore

/// Resolves all names to the hosts set by the test.
final class ScriptedNames: NameService {
    private let answer = Mutex<Result<[String], RPCError>>(.success([]))

    func set(_ hosts: String...) { self.answer.withLock { $0 = .success(hosts) } }

    func fail(_ error: RPCError) { self.answer.withLock { $0 = .failure(error) } }

    func hosts(of name: String, for asker: String) throws(RPCError) -> [String] {
        try self.answer.withLock { $0 }.get()
    }
}
