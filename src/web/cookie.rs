//! Cookies, read and written. Ours are `HttpOnly`, `SameSite=Lax`, for the whole site; over HTTPS they are `Secure`
//! and named `__Host-…`, which no neighbouring host can plant (RFC 6265bis §4.1.3.2).

use super::House;
use axum::http::{HeaderMap, HeaderValue, header};

/// Holds the session.
pub const SESSION: &str = "leadbell";
/// Marks a browser that has signed in before.
pub const KNOWN: &str = "leadbell-known";

/// The value of one of our cookies. When a browser sends the name twice the first counts, which is the one with the
/// most specific path.
pub fn read<'h>(house: &House, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (prefix, name) = (prefix(house), name);
    pairs.find(|(key, _)| key.strip_prefix(prefix) == Some(name)).map(|(_, value)| value)
}

/// A `Set-Cookie` value. `value` must be made of our own alphabet (base 32, base64url, dots).
pub fn write(house: &House, name: &str, value: &str, max_age_secs: i64) -> HeaderValue {
    let secure = if house.is_https() { "; Secure" } else { "" };
    let text =
        format!("{}{name}={value}; Path=/; Max-Age={max_age_secs}; HttpOnly; SameSite=Lax{secure}", prefix(house));
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn prefix(house: &House) -> &'static str {
    if house.is_https() { "__Host-" } else { "" }
}
