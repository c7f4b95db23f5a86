/// A request of a file system to a disk.
package enum DiskOperation: Hashable, Sendable {
    case read
    case write
    /// A write that makes its file longer.
    case extend
    case sync
}

/// The fate of an operation.
package enum DiskVerdict: Hashable, Sendable {
    /// It is done, and takes so long.
    case pass(Duration)
    /// The device fails, and nothing is done.
    case fail
    /// It is done, takes so long, and the device says that it failed.
    case failUnsaid(Duration)
    /// A sync fails, and what it was to make safe is taken for safe from now on: it can be read, and
    /// no later sync writes it. Linux does so.
    case forget
    /// There is no room, and nothing is done.
    case full
}

/// The writes that a process that dies takes with it.
package enum DiskLoss: Hashable, Sendable {
    /// Nothing that was written: the system lives on, and syncs it later.
    case none
    /// Everything that was not synced.
    case unsynced
    /// Of what was not synced, some sectors and not others.
    case torn
}
