package import Scenarios
package import Simulation

extension Latency {
    /// Draws the time that one message takes.
    package func draw(_ stream: inout RandomStream) -> Duration {
        switch self.shape {
        case .constant: return self.mean
        case .uniform: return self.min + (self.max - self.min) * stream.fraction()
        case .exponential:
            let rest = self.mean > self.min ? self.mean - self.min : .zero
            return Swift.min(self.min + rest * Portable.exponential(&stream), self.max)
        case .lognormal:
            return Swift.min(Swift.max(self.min, self.mean * Portable.lognormal(&stream)), self.max)
        }
    }
}

/// Distributions made of additions, multiplications and divisions alone, so that every machine and
/// every libm draws the same.
enum Portable {
    /// Exponential with mean 1: the waiting time of the von Neumann comparison method (1951).
    static func exponential(_ stream: inout RandomStream) -> Double {
        var whole = 0.0
        while whole < 64 {
            let first = stream.fraction()
            var last = first
            var isOdd = true
            while true {
                let next = stream.fraction()
                if next >= last { break }
                last = next
                isOdd.toggle()
            }
            if isOdd { return whole + first }
            whole += 1
        }
        return whole
    }

    /// About log-normal with median 1: half of the draws are below, one in a thousand above 10.
    static func lognormal(_ stream: inout RandomStream) -> Double {
        // The sum of twelve uniforms is nearly normal, with variance 1.
        let normal = (0..<12).reduce(-6.0) { sum, _ in sum + stream.fraction() }
        return self.exp(normal * 0.75)
    }

    /// e to the power of `x`, for |x| of at most 10: a short series and repeated squaring.
    private static func exp(_ x: Double) -> Double {
        let small = x / 256
        var term = 1.0
        var sum = 1.0
        for n in 1...8 {
            term *= small / Double(n)
            sum += term
        }
        return (0..<8).reduce(sum) { power, _ in power * power }
    }
}
