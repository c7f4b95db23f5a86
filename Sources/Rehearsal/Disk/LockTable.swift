/// The locks of a process's connections on files and on the log's index.
struct LockTable {
    /// The level of a connection's lock on a file, one of SQLite's five.
    enum Level: Int32, Comparable {
        case none
        case shared
        case reserved
        case pending
        case exclusive

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    private var levels: [String: [Int: Level]] = [:]
    private var slots: [String: [Int: Slot]] = [:]

    private struct Slot {
        var sharers: Set<Int> = []
        var owner: Int?
    }

    /// Raises the level of `handle`; returns false when another connection is in the way.
    ///
    /// A step to `exclusive` leaves `handle` at `pending` while others read.
    mutating func raise(_ name: String, _ handle: Int, to level: Level) -> Bool {
        let others = self.levels[name, default: [:]].filter { $0.key != handle }.values.max()
        let highest = others ?? .none
        guard (self.levels[name]?[handle] ?? .none) < level else { return true }
        switch level {
        case .none: return true
        case .shared: guard highest < .pending else { return false }
        case .reserved, .pending: guard highest < .reserved else { return false }
        case .exclusive:
            guard highest < .reserved else { return false }
            guard highest == .none else {
                self.levels[name, default: [:]][handle] = .pending
                return false
            }
        }
        self.levels[name, default: [:]][handle] = level
        return true
    }

    mutating func lower(_ name: String, _ handle: Int, to level: Level) {
        self.levels[name, default: [:]][handle] = level == .none ? nil : level
    }

    /// True when a connection holds `reserved` or more.
    func isReserved(_ name: String) -> Bool {
        self.levels[name]?.values.contains { $0 >= .reserved } ?? false
    }

    /// Locks all of the log's slots in the range, or none of them.
    mutating func lock(
        _ name: String,
        _ handle: Int,
        _ range: Range<Int>,
        isExclusive: Bool
    ) -> Bool {
        let isFree = range.allSatisfy { place in
            guard let slot = self.slots[name]?[place] else { return true }
            if let owner = slot.owner, owner != handle { return false }
            return !isExclusive || slot.sharers.subtracting([handle]).isEmpty
        }
        guard isFree else { return false }
        for place in range {
            if isExclusive {
                self.slots[name, default: [:]][place, default: Slot()].owner = handle
            } else {
                self.slots[name, default: [:]][place, default: Slot()].sharers.insert(handle)
            }
        }
        return true
    }

    mutating func unlock(_ name: String, _ handle: Int, _ range: Range<Int>) {
        for place in range {
            self.slots[name]?[place]?.sharers.remove(handle)
            if self.slots[name]?[place]?.owner == handle { self.slots[name]?[place]?.owner = nil }
        }
    }

    /// Releases all locks of `handle`.
    mutating func release(_ name: String, _ handle: Int) {
        self.lower(name, handle, to: .none)
        for place in self.slots[name, default: [:]].keys {
            self.unlock(name, handle, place..<place + 1)
        }
    }
}
