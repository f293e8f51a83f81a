//! Instants as text, for machines: RFC 3339 in UTC with milliseconds.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `2026-11-24T00:07:35.000Z` for UTC milliseconds since 1970. Instants outside the years 0 to 9999 are drawn to
/// the nearest end.
///
/// ```
/// assert_eq!(leadbell::base::instant::rfc3339(1_700_000_000_042), "2023-11-14T22:13:20.042Z");
/// ```
pub fn rfc3339(ms: i64) -> String {
    timestamp(ms).to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// `20261124-000735`: an instant (UTC) as part of a file name that sorts by time.
pub fn stamp(ms: i64) -> String {
    timestamp(ms).to_zoned(TimeZone::UTC).strftime("%Y%m%d-%H%M%S").to_string()
}

fn timestamp(ms: i64) -> Timestamp {
    const YEAR_0: i64 = -62_167_219_200_000;
    const YEAR_9999: i64 = 253_402_128_000_000;
    Timestamp::from_millisecond(ms.clamp(YEAR_0, YEAR_9999)).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_is_an_instant() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(rfc3339(i64::MAX), "9999-12-30T00:00:00.000Z");
        assert_eq!(rfc3339(i64::MIN), "0000-01-01T00:00:00.000Z");
        assert_eq!(stamp(1_700_000_000_042), "20231114-221320");
    }
}
