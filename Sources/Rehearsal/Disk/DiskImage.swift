/// The time of a request to a disk, and the time at which the device is done with it, in
/// nanoseconds.
struct DiskTime {
    let now: Int64
    let done: Int64

    /// A time before every other.
    static let past = DiskTime(now: .min, done: .min)
}

/// The files of a disk: their contents, and the changes that are not durable yet.
///
/// Each change has the time at which the device is done with it, which may lie in the future. A
/// crash before that time undoes the change. Synced changes are folded into `base`, so the log
/// stays short.
struct DiskImage {
    /// The unit that a power cut can tear, in bytes.
    static let sectorByteCount = 512

    private var files: [String: File] = [:]

    /// The flipped bit; nil when there is none.
    private(set) var flipped: Flip?

    struct Flip: Hashable {
        let name: String
        let byte: Int
        let mask: UInt8
    }

    fileprivate struct File {
        /// The bytes that survive any power cut.
        var base = DiskBytes()
        /// The bytes that readers see.
        var current = DiskBytes()
        var log: [Change] = []
    }

    fileprivate struct Change {
        let moment: Int64
        var kind: Kind

        enum Kind {
            case write(offset: Int, bytes: [UInt8])
            case truncate(size: Int)
            case sync

            /// True when the change may replace the byte at `place`.
            func covers(_ place: Int) -> Bool {
                switch self {
                case .write(let offset, let bytes): offset <= place && place < offset + bytes.count
                case .truncate(let size): size <= place
                case .sync: false
                }
            }
        }
    }

    func exists(_ name: String) -> Bool { self.files[name] != nil }

    func size(_ name: String) -> Int { self.files[name]?.current.count ?? 0 }

    /// The bytes from `offset`, at most `count` of them.
    func read(_ name: String, _ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
        guard let current = self.files[name]?.current, offset < current.count else { return [] }
        return current.bytes[offset..<min(current.count, offset + count)]
    }

    mutating func create(_ name: String) {
        if self.files[name] == nil { self.files[name] = File() }
    }

    /// Deletes the file at once, whatever crashes later: SQLite deletes only files that it no
    /// longer needs.
    mutating func delete(_ name: String) {
        self.files[name] = nil
        if self.flipped?.name == name { self.flipped = nil }
    }

    mutating func write(_ name: String, _ offset: Int, _ bytes: [UInt8], at time: DiskTime) {
        self.change(name, .write(offset: offset, bytes: bytes), at: time)
    }

    mutating func truncate(_ name: String, to size: Int, at time: DiskTime) {
        self.change(name, .truncate(size: size), at: time)
    }

    mutating func sync(_ name: String, at time: DiskTime) {
        self.change(name, .sync, at: time)
    }

    /// Drops unsynced changes from the log as if they were durable, although a crash loses them.
    mutating func forget(_ name: String, at moment: Int64) {
        self.files[name]?.forget(at: moment)
    }

    var byteCount: Int { self.files.values.reduce(0) { $0 + $1.current.count } }

    mutating func cut(_ name: String, to size: Int) {
        self.truncate(name, to: size, at: .past)
        self.sync(name, at: .past)
    }

    /// Flips a bit of the files' contents, taken in the order of their names; `bit` counts from
    /// their start and wraps around.
    ///
    /// - Returns: The place of the bit; nil when all files are empty.
    mutating func flip(bit: Int) -> String? {
        let names = self.files.keys.sorted().filter { self.size($0) > 0 }
        let total = names.reduce(0) { $0 + self.size($1) * 8 }
        guard total > 0 else { return nil }
        var place = bit % total
        for name in names {
            let bits = self.size(name) * 8
            if place < bits {
                let flip = Flip(name: name, byte: place / 8, mask: 1 << UInt8(place % 8))
                self.files[name]?.toggle(flip)
                self.flipped = flip
                return "\(name), byte \(flip.byte)"
            }
            place -= bits
        }
        return nil
    }

    /// Loses the changes that a crash at `moment` loses.
    ///
    /// `keeps` decides for each torn sector whether it is kept.
    mutating func crash(at moment: Int64, _ loss: DiskLoss, keeps: () -> Bool) {
        for name in self.files.keys.sorted() {
            self.files[name]?.crash(at: moment, loss, keeps: keeps)
        }
    }

    /// Restores the flipped bit.
    mutating func unflip() {
        if let flip = self.flipped { self.files[flip.name]?.toggle(flip) }
        self.flipped = nil
    }

    func hasUnsynced(at moment: Int64) -> Bool {
        self.files.values.contains { $0.hasUnsynced(at: moment) }
    }

    private mutating func change(_ name: String, _ kind: Change.Kind, at time: DiskTime) {
        self.create(name)
        if let flip = self.flipped, flip.name == name, kind.covers(flip.byte) { self.flipped = nil }
        self.files[name]?.change(Change(moment: time.done, kind: kind), now: time.now)
    }
}

extension DiskImage.File {
    /// Flips a bit in every copy of its byte.
    fileprivate mutating func toggle(_ flip: DiskImage.Flip) {
        if flip.byte < self.current.count { self.current[flip.byte] ^= flip.mask }
        if flip.byte < self.base.count { self.base[flip.byte] ^= flip.mask }
        for index in self.log.indices {
            guard case .write(let offset, var bytes) = self.log[index].kind,
                self.log[index].kind.covers(flip.byte)
            else { continue }
            bytes[flip.byte - offset] ^= flip.mask
            self.log[index].kind = .write(offset: offset, bytes: bytes)
        }
    }

    fileprivate func hasUnsynced(at moment: Int64) -> Bool {
        let written = self.log.prefix { $0.moment <= moment }
        guard let last = written.last else { return false }
        if case .sync = last.kind { return false }
        return true
    }

    fileprivate mutating func change(_ change: DiskImage.Change, now: Int64) {
        self.fold(before: now)
        self.log.append(change)
        Self.apply(change.kind, to: &self.current)
    }

    fileprivate mutating func forget(at moment: Int64) {
        self.fold(before: moment)
        self.log = []
    }

    /// Makes all changes durable that a sync finished by `moment` covers.
    private mutating func fold(before moment: Int64) {
        let done = self.log.lastIndex { change in
            if case .sync = change.kind { change.moment <= moment } else { false }
        }
        guard let done else { return }
        for change in self.log[...done] { Self.apply(change.kind, to: &self.base) }
        self.log.removeFirst(done + 1)
    }

    fileprivate mutating func crash(at moment: Int64, _ loss: DiskLoss, keeps: () -> Bool) {
        self.log.removeAll { $0.moment > moment }
        self.fold(before: moment)
        for change in self.log {
            switch (loss, change.kind) {
            case (.none, let kind): Self.apply(kind, to: &self.base)
            case (.unsynced, _): continue
            case (.torn, let kind): Self.tear(kind, into: &self.base, keeps: keeps)
            }
        }
        self.log = []
        self.current = self.base
    }

    private static func tear(
        _ kind: DiskImage.Change.Kind,
        into bytes: inout DiskBytes,
        keeps: () -> Bool
    ) {
        guard case .write(let offset, let written) = kind else {
            if keeps() { self.apply(kind, to: &bytes) }
            return
        }
        var start = 0
        while start < written.count {
            let inSector = (offset + start) % DiskImage.sectorByteCount
            let end = min(written.count, start + DiskImage.sectorByteCount - inSector)
            if keeps() {
                let part = Array(written[start..<end])
                self.apply(.write(offset: offset + start, bytes: part), to: &bytes)
            }
            start = end
        }
    }

    private static func apply(_ kind: DiskImage.Change.Kind, to bytes: inout DiskBytes) {
        switch kind {
        case .write(let offset, let written):
            bytes.write(written, at: offset)
        case .truncate(let size): bytes.truncate(to: size)
        case .sync: return
        }
    }
}
