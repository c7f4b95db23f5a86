/// A process's access to a disk, which ends with the process.
package final class DiskOpening: Sendable {
    private let disk: SimulatedDisk
    private let number: Int
    let memory = SharedMemory()

    init(_ disk: SimulatedDisk, _ number: Int) {
        self.disk = disk
        self.number = number
    }

    func exists(_ name: String) throws(DiskFailure) -> Bool {
        try self.disk.perform(self.number) { image, _ throws(DiskFailure) in image.exists(name) }
    }

    func create(_ name: String) throws(DiskFailure) {
        try self.disk.perform(self.number) { image, _ throws(DiskFailure) in image.create(name) }
    }

    func delete(_ name: String) throws(DiskFailure) {
        try self.disk.perform(self.number) { image, _ throws(DiskFailure) in image.delete(name) }
    }

    func size(_ name: String) throws(DiskFailure) -> Int {
        try self.disk.perform(self.number) { image, _ throws(DiskFailure) in image.size(name) }
    }

    /// The bytes from `offset`, at most `count` of them.
    func read(
        _ name: String,
        _ offset: Int,
        _ count: Int
    ) throws(DiskFailure) -> ArraySlice<UInt8> {
        var bytes: ArraySlice<UInt8> = []
        try self.disk.perform(self.number, .read) { image, _ in
            bytes = image.read(name, offset, count)
        }
        return bytes
    }

    func write(_ name: String, _ offset: Int, _ bytes: [UInt8]) throws(DiskFailure) {
        let isLonger = try self.size(name) < offset + bytes.count
        try self.disk.perform(self.number, isLonger ? .extend : .write) { image, time in
            image.write(name, offset, bytes, at: time)
        }
    }

    func truncate(_ name: String, to size: Int) throws(DiskFailure) {
        try self.disk.perform(self.number, .write) { image, time in
            image.truncate(name, to: size, at: time)
        }
    }

    func sync(_ name: String) throws(DiskFailure) {
        try self.disk.perform(self.number, .sync) { image, time in
            image.sync(name, at: time)
        } forgetting: { image, now in
            image.forget(name, at: now)
        }
    }

    /// Takes or releases locks; false when another connection holds one in conflict.
    func lock(
        _ change: (inout LockTable) -> Bool
    ) throws(DiskFailure) -> Bool {
        try self.disk.perform(self.number) { _, locks throws(DiskFailure) in change(&locks) }
    }
}
