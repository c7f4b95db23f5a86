/// A named stream of random bits, the same for the same seed and name on every machine.
///
/// Each consumer has its own stream (`schedule`, `link/payment->ledger`), so that extra draws by
/// one leave the others unchanged. The generator is xoshiro256\*\* (Blackman and Vigna, 2018),
/// seeded with SplitMix64 as its authors advise. Not for secrets.
public struct RandomStream: RandomNumberGenerator, Hashable, Sendable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    /// The stream called `name` in the simulation of `seed`.
    public init(seed: UInt64, name: String) {
        var start = SplitMix64(state: seed)
        var filler = SplitMix64(state: start.next() ^ name.fnv1a)
        self.init(state: (filler.next(), filler.next(), filler.next(), filler.next()))
    }

    /// A stream that continues from a xoshiro256\*\* state, which must not be all zero.
    init(state: (UInt64, UInt64, UInt64, UInt64)) {
        (self.s0, self.s1, self.s2, self.s3) = state
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let result = (self.s1 &* 5).rotated(left: 7) &* 9
        let shifted = self.s1 << 17
        self.s2 ^= self.s0
        self.s3 ^= self.s1
        self.s1 ^= self.s2
        self.s0 ^= self.s3
        self.s2 ^= shifted
        self.s3 = self.s3.rotated(left: 45)
        return result
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014); any state is valid, even zero.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension String {
    /// The 64-bit FNV-1a hash of the UTF-8 bytes; the same in every process, unlike `hashValue`.
    var fnv1a: UInt64 {
        self.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
    }
}

extension UInt64 {
    fileprivate func rotated(left count: UInt64) -> UInt64 { self << count | self >> (64 - count) }
}

extension RandomStream {
    /// True when something of that chance happens.
    package mutating func chance(_ chance: Double) -> Bool {
        Double(self.next() >> 11) * 0x1p-53 < chance
    }

    /// A number from 0 up to, not including, 1.
    package mutating func fraction() -> Double { Double(self.next() >> 11) * 0x1p-53 }

    /// A number from 0 up to, not including, `bound`, which is positive.
    ///
    /// Independent of the standard library's algorithm.
    package mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: self.next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
