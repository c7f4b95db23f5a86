/// Objects that are never freed, because somebody may keep a bare pointer to them.
enum Immortal {
    static func keep(_ object: AnyObject) { _ = unsafe Unmanaged.passRetained(object) }
}
