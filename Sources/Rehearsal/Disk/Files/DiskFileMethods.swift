internal import CSQLite

/// The file operations that SQLite calls.
///
/// A file's memory begins with SQLite's header, followed by a reference to the ``DiskFile``.
@safe
enum DiskFileMethods {
    @unsafe
    private struct Memory {
        var head: sqlite3_file
        var file: Unmanaged<DiskFile>
    }

    private typealias Methods = UnsafePointer<sqlite3_io_methods>

    static let byteCount = unsafe MemoryLayout<Memory>.size

    static func open(_ file: DiskFile, in memory: UnsafeMutablePointer<sqlite3_file>) {
        let head = unsafe sqlite3_file(pMethods: self.methods)
        unsafe UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Memory.self)
            .initialize(to: Memory(head: head, file: .passRetained(file)))
    }

    private static func reference(
        _ memory: UnsafeMutablePointer<sqlite3_file>?
    ) -> Unmanaged<DiskFile> {
        guard let memory = unsafe memory else {
            preconditionFailure("SQLite calls a method with its file.")
        }
        return unsafe UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Memory.self)
            .pointee.file
    }

    private static func file(_ memory: UnsafeMutablePointer<sqlite3_file>?) -> DiskFile {
        unsafe self.reference(memory).takeUnretainedValue()
    }

    private static func read(
        _ file: DiskFile,
        _ out: UnsafeMutableRawPointer?,
        _ count: Int32,
        _ offset: Int64
    ) -> Int32 {
        let wanted = Int(count)
        let out = unsafe UnsafeMutableRawBufferPointer(start: out, count: wanted)
        var found = 0
        let code = DiskCode.of(DiskCode.read) { () throws(DiskFailure) in
            let bytes = try file.opening.read(file.name, Int(offset), wanted)
            unsafe out.copyBytes(from: bytes)
            found = bytes.count
        }
        guard code == SQLITE_OK, found < wanted else { return code }
        for index in found..<wanted { unsafe out[index] = 0 }
        return DiskCode.shortRead
    }

    private nonisolated(unsafe) static let methods: Methods = {  // never changed once made
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        unsafe methods.initialize(to: sqlite3_io_methods())
        unsafe methods.pointee.iVersion = 2
        unsafe fillContent(&methods.pointee)
        unsafe fillProperties(&methods.pointee)
        unsafe fillLocks(&methods.pointee)
        unsafe fillMemory(&methods.pointee)
        return unsafe UnsafePointer(methods)
    }()

    private static func fillContent(_ methods: inout sqlite3_io_methods) {
        unsafe methods.xClose = { memory in
            unsafe DiskFileMethods.file(memory).close()
            unsafe DiskFileMethods.reference(memory).release()
            return SQLITE_OK
        }
        unsafe methods.xRead = { memory, out, count, offset in
            unsafe DiskFileMethods.read(DiskFileMethods.file(memory), out, count, offset)
        }
        unsafe methods.xWrite = { memory, bytes, count, offset in
            let file = unsafe DiskFileMethods.file(memory)
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            return DiskCode.of(DiskCode.write) { () throws(DiskFailure) in
                try file.opening.write(file.name, Int(offset), bytes)
            }
        }
        unsafe methods.xTruncate = { memory, size in
            let file = unsafe DiskFileMethods.file(memory)
            return DiskCode.of(DiskCode.truncate) { () throws(DiskFailure) in
                try file.opening.truncate(file.name, to: Int(size))
            }
        }
        unsafe methods.xSync = { memory, _ in
            let file = unsafe DiskFileMethods.file(memory)
            return DiskCode.of(DiskCode.sync) { () throws(DiskFailure) in
                try file.opening.sync(file.name)
            }
        }
    }

    private static func fillProperties(_ methods: inout sqlite3_io_methods) {
        unsafe methods.xFileSize = { memory, size in
            let file = unsafe DiskFileMethods.file(memory)
            return DiskCode.of(DiskCode.size) { () throws(DiskFailure) in
                let found = try file.opening.size(file.name)
                unsafe size?.pointee = Int64(found)
            }
        }
        unsafe methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        unsafe methods.xSectorSize = { _ in Int32(DiskImage.sectorByteCount) }
        // A write changes no byte beside its own, as on real machines. Without this flag SQLite
        // pads a commit with further writes, and a full disk would fail a commit that is already
        // done.
        unsafe methods.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
    }

    private static func fillLocks(_ methods: inout sqlite3_io_methods) {
        unsafe methods.xLock = { memory, level in
            let file = unsafe DiskFileMethods.file(memory)
            return DiskFileMethods.lock(file) { locks in
                locks.raise(
                    file.name,
                    file.handle,
                    to: LockTable.Level(rawValue: level) ?? .exclusive
                )
            }
        }
        unsafe methods.xUnlock = { memory, level in
            let file = unsafe DiskFileMethods.file(memory)
            return DiskFileMethods.lock(file) { locks in
                locks.lower(file.name, file.handle, to: LockTable.Level(rawValue: level) ?? .none)
                return true
            }
        }
        unsafe methods.xCheckReservedLock = { memory, result in
            let file = unsafe DiskFileMethods.file(memory)
            var isReserved = false
            let code = DiskFileMethods.lock(file) { locks in
                isReserved = locks.isReserved(file.name)
                return true
            }
            unsafe result?.pointee = isReserved ? 1 : 0
            return code
        }
    }

    private static func fillMemory(_ methods: inout sqlite3_io_methods) {
        unsafe methods.xShmMap = { memory, number, count, extends, out in
            let file = unsafe DiskFileMethods.file(memory)
            let region = file.opening.memory.region(
                file.name,
                Int(number),
                byteCount: Int(count),
                extends: extends != 0,
                user: file.handle
            )
            unsafe out?.pointee = region.flatMap { unsafe UnsafeMutableRawPointer(bitPattern: $0) }
            return SQLITE_OK
        }
        unsafe methods.xShmLock = { memory, first, count, flags in
            let file = unsafe DiskFileMethods.file(memory)
            let range = Int(first)..<Int(first + count)
            return DiskFileMethods.lock(file) { locks in
                if flags & SQLITE_SHM_UNLOCK != 0 {
                    locks.unlock(file.name, file.handle, range)
                    return true
                }
                let isExclusive = flags & SQLITE_SHM_EXCLUSIVE != 0
                return locks.lock(file.name, file.handle, range, isExclusive: isExclusive)
            }
        }
        unsafe methods.xShmBarrier = { _ in }
        unsafe methods.xShmUnmap = { memory, _ in
            let file = unsafe DiskFileMethods.file(memory)
            file.opening.memory.leave(file.name, user: file.handle)
            return SQLITE_OK
        }
    }

    private static func lock(_ file: DiskFile, _ change: (inout LockTable) -> Bool) -> Int32 {
        var isFree = false
        let code = DiskCode.of(DiskCode.lock) { () throws(DiskFailure) in
            isFree = try file.opening.lock(change)
        }
        return code == SQLITE_OK && !isFree ? SQLITE_BUSY : code
    }
}
