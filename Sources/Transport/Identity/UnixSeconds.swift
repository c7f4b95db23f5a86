/// Seconds since 1970-01-01T00:00:00Z: the NumericDate of RFC 7519.
///
/// This module reads no clock; whoever calls says what time it is.
public typealias UnixSeconds = Int64
