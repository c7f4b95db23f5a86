/// Seconds since 1970-01-01T00:00:00Z: RFC 7519's NumericDate.
///
/// This module reads no clock; callers pass the time.
public typealias UnixSeconds = Int64
