extension String {
    /// Whether both are the same UTF-8 bytes.
    ///
    /// `==` would also accept canonical equivalents, such as the Kelvin sign for a `K`; it is asked
    /// first because it is the quicker to say no.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}
