internal import CSQLite

/// A database file with page checksums.
///
/// SQLite sees a head with our methods. The base file system's own file follows the head in the
/// same memory and does the work.
@safe
enum CheckedFile {
    /// The size of the head in bytes, rounded up to align the file behind it.
    static let headByteCount = unsafe (MemoryLayout<sqlite3_file>.size + 15) & ~15

    private typealias Methods = UnsafePointer<sqlite3_io_methods>

    /// The base file system's file, behind the head.
    static func below(
        _ file: UnsafeMutablePointer<sqlite3_file>?
    ) -> UnsafeMutablePointer<sqlite3_file> {
        guard let file = unsafe file else {
            preconditionFailure("SQLite calls a method with its file.")
        }
        return unsafe (UnsafeMutableRawPointer(file) + Self.headByteCount)
            .assumingMemoryBound(to: sqlite3_file.self)
    }

    /// Opens a main database with checksums and any other file without.
    static func open(
        _ system: UnsafeMutablePointer<sqlite3_vfs>,
        _ name: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard flags & SQLITE_OPEN_MAIN_DB != 0 else {
            return unsafe system.pointee.xOpen(system, name, file, flags, outFlags)
        }
        let below = unsafe self.below(file)
        unsafe below.pointee.pMethods = nil
        let code = unsafe system.pointee.xOpen(system, name, below, flags, outFlags)
        unsafe file?.pointee.pMethods = below.pointee.pMethods == nil ? nil : Self.methods
        return code
    }

    /// Reads; fails with `SQLITE_IOERR_DATA` if a whole page has a wrong checksum.
    private static func read(
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ out: UnsafeMutableRawPointer?,
        _ count: Int32,
        _ offset: Int64
    ) -> Int32 {
        let below = unsafe self.below(file)
        let code = unsafe below.pointee.pMethods.pointee.xRead(below, out, count, offset)
        guard code == SQLITE_OK, PageChecksum.isPage(count: count, offset: offset),
            let page = unsafe out
        else { return code }
        guard unsafe !PageChecksum.isWhole(page) else { return SQLITE_OK }
        DamagedPage.note(offset: offset)
        return SQLiteError.damagedPage
    }

    /// Writes; adds the checksum to a whole page in a copy, because the bytes belong to SQLite.
    private static func write(
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ bytes: UnsafeRawPointer?,
        _ count: Int32,
        _ offset: Int64
    ) -> Int32 {
        let below = unsafe self.below(file)
        guard let write = unsafe below.pointee.pMethods.pointee.xWrite else { return SQLITE_IOERR }
        guard PageChecksum.isPage(count: count, offset: offset), let bytes = unsafe bytes else {
            return unsafe write(below, bytes, count, offset)
        }
        return unsafe withUnsafeTemporaryAllocation(byteCount: Int(count), alignment: 8) { page in
            guard let start = page.baseAddress else { return SQLITE_NOMEM }
            unsafe start.copyMemory(from: bytes, byteCount: Int(count))
            unsafe PageChecksum.write(into: start)
            return unsafe write(below, start, count, offset)
        }
    }

    /// Version 2: with shared memory for the log's index, without memory-mapped pages, whose reads
    /// would bypass the checksums.
    private nonisolated(unsafe) static let methods: Methods = {  // never changed once made
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        unsafe methods.initialize(to: sqlite3_io_methods())
        unsafe methods.pointee.iVersion = 2
        unsafe methods.pointee.xRead = { unsafe CheckedFile.read($0, $1, $2, $3) }
        unsafe methods.pointee.xWrite = { unsafe CheckedFile.write($0, $1, $2, $3) }
        unsafe forward(&methods.pointee)
        unsafe forwardLocks(&methods.pointee)
        return unsafe UnsafePointer(methods)
    }()

    private static func forward(_ methods: inout sqlite3_io_methods) {
        unsafe methods.xClose = { file in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xClose(below)
        }
        unsafe methods.xTruncate = { file, size in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xTruncate(below, size)
        }
        unsafe methods.xSync = { file, flags in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xSync(below, flags)
        }
        unsafe methods.xFileSize = { file, size in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xFileSize(below, size)
        }
        unsafe methods.xFileControl = { file, operation, argument in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xFileControl(below, operation, argument)
        }
        unsafe methods.xSectorSize = { file in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xSectorSize(below)
        }
        unsafe methods.xDeviceCharacteristics = { file in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xDeviceCharacteristics(below)
        }
    }

    private static func forwardLocks(_ methods: inout sqlite3_io_methods) {
        unsafe methods.xLock = { file, level in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xLock(below, level)
        }
        unsafe methods.xUnlock = { file, level in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xUnlock(below, level)
        }
        unsafe methods.xCheckReservedLock = { file, result in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xCheckReservedLock(below, result)
        }
        unsafe methods.xShmMap = { file, region, count, extends, out in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xShmMap(below, region, count, extends, out)
        }
        unsafe methods.xShmLock = { file, offset, count, flags in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xShmLock(below, offset, count, flags)
        }
        unsafe methods.xShmBarrier = { file in
            let below = unsafe CheckedFile.below(file)
            unsafe below.pointee.pMethods.pointee.xShmBarrier(below)
        }
        unsafe methods.xShmUnmap = { file, deletes in
            let below = unsafe CheckedFile.below(file)
            return unsafe below.pointee.pMethods.pointee.xShmUnmap(below, deletes)
        }
    }
}
