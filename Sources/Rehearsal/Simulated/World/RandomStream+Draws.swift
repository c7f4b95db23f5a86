package import Simulation

extension RandomStream {
    /// Whether something of that chance happens.
    package mutating func chance(_ chance: Double) -> Bool {
        Double(self.next() >> 11) * 0x1p-53 < chance
    }

    /// A number from 0 up to, not including, 1.
    package mutating func fraction() -> Double { Double(self.next() >> 11) * 0x1p-53 }

    /// A number from 0 up to, not including, `bound`, which is positive.
    package mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: self.next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
