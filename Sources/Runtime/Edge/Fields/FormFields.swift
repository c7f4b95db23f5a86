internal import Domain

/// Parses `name=value&name=value`, the syntax of queries and forms, into fields in order.
struct FormFields {
    enum Failure: Error, Hashable {
        /// The non-empty pair with this ordinal, counted from 1, is malformed.
        case undecodable(pair: Int, reason: String)
        case tooMany(limit: Int)

        var reason: String {
            switch self {
            case .undecodable(let pair, let reason): "field \(pair) has \(reason)"
            case .tooMany(let limit): "more than \(limit) fields"
            }
        }
    }

    var countMax: Int

    /// Skips empty pairs; a pair without `=` has an empty value; repeated names stay.
    func read(
        _ bytes: some RandomAccessCollection<UInt8>
    ) throws(Failure) -> [GatewayRequest.Field] {
        var fields: [GatewayRequest.Field] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            guard fields.count < self.countMax else { throw .tooMany(limit: self.countMax) }
            do throws(PercentDecoding.Failure) {
                fields.append(try Self.field(pair))
            } catch {
                throw .undecodable(pair: fields.count + 1, reason: error.reason)
            }
        }
        return fields
    }

    private static func field(
        _ pair: some RandomAccessCollection<UInt8>
    ) throws(PercentDecoding.Failure) -> GatewayRequest.Field {
        let decoding = PercentDecoding(plusIsSpace: true)
        let equals = UInt8(ascii: "=")
        let halves = pair.split(separator: equals, maxSplits: 1, omittingEmptySubsequences: false)
        let name = try decoding.decode(halves[0])
        let value = halves.count > 1 ? try decoding.decode(halves[1]) : ""
        return GatewayRequest.Field(name, .text(value))
    }
}
