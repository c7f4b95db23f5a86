extension Duration {
    /// The time in nanoseconds; a run is far shorter than what 64 bits of them can say.
    package var wholeNanoseconds: Int64 {
        self.components.seconds * 1_000_000_000 + self.components.attoseconds / 1_000_000_000
    }
}
