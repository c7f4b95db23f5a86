extension String {
    /// Compares UTF-8 bytes.
    ///
    /// `==` also accepts canonical equivalents, such as the Kelvin sign for `K`. It runs before the
    /// comparison of bytes because it fails faster.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}
