extension [Double] {
    package var mean: Double { self.reduce(0, +) / Double(self.count) }
}

extension Double {
    package func isNear(_ other: Double, within part: Double) -> Bool {
        Swift.abs(self - other) <= part * other
    }
}

extension Int {
    package func isNear(_ other: Int, within part: Double) -> Bool {
        Double(self).isNear(Double(other), within: part)
    }
}
