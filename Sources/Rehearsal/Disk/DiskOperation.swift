/// A request of a file system to a disk.
package enum DiskOperation: Hashable, Sendable {
    case read
    case write
    /// A write beyond the end of a file.
    case extend
    case sync
}

/// The fate of an operation.
package enum DiskVerdict: Hashable, Sendable {
    /// The operation is done after this time.
    case pass(Duration)
    /// The device fails, and nothing is done.
    case fail
    /// The operation is done after this time, and the device reports a failure.
    case failUnsaid(Duration)
    /// The sync fails, and its writes count as synced from then on.
    ///
    /// They can be read, but no later sync makes them durable, as on Linux.
    case forget
    /// The device is full, and nothing is done.
    case full
}

/// The writes that are lost when a process dies.
package enum DiskLoss: Hashable, Sendable {
    /// No write: the operating system lives on, and syncs later.
    case none
    /// Every write that was not synced.
    case unsynced
    /// Some sectors of the writes that were not synced.
    case torn
}
