import Glibc
import Synchronization

/// The memory that connections of a process share: the index of each database's log.
///
/// The last connection removes it; the next one builds it anew from the log.
@safe
final class SharedMemory: Sendable {
    private let shares = Mutex<[String: Share]>([:])

    private struct Share {
        /// The address of each region, by number.
        var regions: [UInt] = []
        var users: Set<Int> = []
    }

    deinit {
        for share in self.shares.withLock({ Array($0.values) }) { Self.free(share.regions) }
    }

    /// The address of a region for the connection `user`; nil when it does not exist and must not
    /// be made.
    func region(
        _ name: String,
        _ number: Int,
        byteCount: Int,
        extends: Bool,
        user: Int
    ) -> UInt? {
        self.shares.withLock { shares in
            var share = shares[name] ?? Share()
            share.users.insert(user)
            while extends, share.regions.count <= number {
                let made = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 16)
                unsafe memset(made, 0, byteCount)
                share.regions.append(UInt(bitPattern: made))
            }
            shares[name] = share
            return number < share.regions.count ? share.regions[number] : nil
        }
    }

    /// Ends the use by the connection `user`.
    func leave(_ name: String, user: Int) {
        let freed = self.shares.withLock { shares -> [UInt] in
            shares[name]?.users.remove(user)
            guard let share = shares[name], share.users.isEmpty else { return [] }
            shares[name] = nil
            return share.regions
        }
        Self.free(freed)
    }

    private static func free(_ regions: [UInt]) {
        for address in regions { unsafe UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
    }
}
