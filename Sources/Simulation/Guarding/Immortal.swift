/// Retains objects forever, because the runtime may hold unretained pointers to them.
enum Immortal {
    static func keep(_ object: AnyObject) { _ = unsafe Unmanaged.passRetained(object) }
}
