import Composition
import Domain
import StorageCore
import Synchronization
import SystemPackage
import TransportCore

/// The file of the last acknowledged entry, beside a ledger on a database.
///
/// A single line of fixed length, overwritten in place before the entry is acknowledged, without a
/// sync: after a crash of the machine it may name an earlier entry.
final class WatermarkFile: Sendable {
    private static let title = "florin-watermark"
    private static let sequenceLength = 20

    private let path: String
    private let descriptor: FileDescriptor
    private let failed: @Sendable (String) -> Void
    private let hasFailed = Mutex(false)

    /// Opens the file at `path`; creates it if `makes` is true.
    ///
    /// `failed` is called once if a write fails.
    ///
    /// - Throws: ``ConfigurationError`` if it cannot be opened.
    init(
        _ path: String,
        makes: Bool,
        failed: @escaping @Sendable (String) -> Void
    ) throws(ConfigurationError) {
        self.path = path
        self.failed = failed
        do {
            self.descriptor = try unsafe FileDescriptor.open(
                path,
                makes ? .readWrite : .readOnly,
                options: makes ? [.create, .closeOnExec] : [.closeOnExec],
                permissions: .ownerReadWrite
            )
        } catch {
            throw ConfigurationError("LEDGER_WATERMARK: \(path): \(error)")
        }
    }

    deinit { try? self.descriptor.close() }

    /// Access to the file for a journal.
    var store: WatermarkStore {
        WatermarkStore(
            read: { () throws(JournalOpenError) in try self.read() },
            write: { self.write($0) }
        )
    }

    func read() throws(JournalOpenError) -> JournalHead {
        let text: String
        do {
            text = try self.text()
        } catch {
            throw .unavailable(reason: "\(self.path) cannot be read: \(error)")
        }
        if text.isEmpty { return .empty }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[0] == Self.title, let sequence = UInt64(words[1]),
            let hash = EntryHash(hex: words[2]), text == Self.line(sequence, hash)
        else {
            throw .refused(
                reason: """
                    \(self.path) is damaged: it does not say what was acknowledged last; when \
                    runtime ledger verify finds nothing wrong and nothing missing, remove it
                    """
            )
        }
        return JournalHead(sequence: sequence, hash: hash)
    }

    func write(_ head: JournalHead) {
        let line = Self.line(head.sequence, head.hash)
        do {
            try self.descriptor.writeAll(toAbsoluteOffset: 0, line.utf8)
        } catch {
            let isFirst = self.hasFailed.withLock { value in
                defer { value = true }
                return !value
            }
            if isFirst { self.failed("\(self.path) cannot be written: \(error)") }
        }
    }

    private func text() throws -> String {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = try unsafe bytes.withUnsafeMutableBytes {
            try unsafe self.descriptor.read(fromAbsoluteOffset: 0, into: $0)
        }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private static func line(_ sequence: UInt64, _ hash: EntryHash) -> String {
        let digits = String(sequence)
        let zeros = String(repeating: "0", count: self.sequenceLength - digits.count)
        return "\(self.title) \(zeros)\(digits) \(hash)\n"
    }
}
