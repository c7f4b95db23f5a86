/// The identity of a process's executor, as the runtime and the guard know it.
struct ExecutorIdentity {
    /// The addresses of the executor and of its conformance, as the runtime stores them.
    let object: UInt64
    let witness: UInt64

    /// The name of the process, for the watchdog's report.
    let name: StableName

    init(_ executor: ProcessExecutor, _ name: String) {
        let words = unsafe unsafeBitCast(
            executor.asUnownedTaskExecutor(),
            to: (UInt, UInt).self
        )
        (self.object, self.witness) = (UInt64(words.0), UInt64(words.1))
        self.name = StableName(name)
    }
}

/// A C string at a fixed address for the lifetime of the object.
@safe
final class StableName {
    let bytes: UnsafeMutablePointer<CChar>

    init(_ name: String) {
        let characters = name.utf8CString
        unsafe self.bytes = .allocate(capacity: characters.count)
        for (index, character) in characters.enumerated() {
            unsafe (self.bytes + index).initialize(to: character)
        }
    }

    deinit { unsafe self.bytes.deallocate() }
}
