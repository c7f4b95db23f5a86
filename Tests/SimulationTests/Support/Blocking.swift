import Foundation

/// Blocks the thread for a millisecond, through a symbol looked up at run time.
func block() {
    guard let found = unsafe dlsym(nil, "usleep") else { return }
    typealias Block = @convention(c) (UInt32) -> Int32
    _ = unsafe unsafeBitCast(found, to: Block.self)(1_000)
}
