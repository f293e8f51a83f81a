//! Requests as bytes, so that one way of spoiling reaches their heads as well: a line `POST address`, headers, an empty
//! line, the body. Bytes that do not begin so are a body alone, sent as JSON.

use leadbell::intake::reading::Request;

/// When a request arrives that does not say when (`x-fuzz-now`, in seconds).
const RECEIVED_AT: i64 = 1_770_802_212_000;
/// The header by which a vector says when it arrives.
const NOW: &str = "x-fuzz-now";

/// A request taken out of bytes.
pub struct Parcel<'a> {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: &'a [u8],
    country: &'static str,
}

/// Puts a request into bytes.
pub fn pack(method: &str, url: &str, headers: &[(String, String)], body: &[u8]) -> Vec<u8> {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {}\n", value.replace('\n', " "))).collect();
    [format!("{method} {url}\n{lines}\n").as_bytes(), body].concat()
}

/// Takes a request out of bytes.
pub fn unpack(bytes: &[u8]) -> Parcel<'_> {
    let begins = bytes.starts_with(b"POST ") || bytes.starts_with(b"GET ");
    let gap = bytes.windows(2).position(|pair| pair == b"\n\n").filter(|_| begins);
    let head = String::from_utf8_lossy(&bytes[..gap.unwrap_or(0)]);
    let mut lines = head.lines();
    let (method, url) =
        lines.next().and_then(|line| line.split_once(' ')).unwrap_or(("POST", "https://l.example/in/x"));
    let header = |line: &str| line.split_once(':').map(|(n, v)| (n.trim().to_ascii_lowercase(), v.trim().to_owned()));
    Parcel {
        method: method.to_owned(),
        url: url.to_owned(),
        headers: lines.filter_map(header).collect(),
        body: &bytes[gap.map_or(0, |at| at + 2)..],
        country: ["US", "DE", "GB", "BR", "", "XX"][bytes.len() % 6],
    }
}

impl<'a> Parcel<'a> {
    pub fn request(&'a self) -> Request<'a> {
        Request {
            method: &self.method,
            url: &self.url,
            content_type: self.header("content-type"),
            headers: &self.headers,
            query: self.url.split_once('?').map_or("", |(_, query)| query),
            body: self.body,
            country: self.country,
            received_at: RECEIVED_AT,
        }
    }

    /// When it arrives, in UTC milliseconds.
    pub fn now(&self) -> i64 {
        let said = self.header(NOW).and_then(|text| text.parse::<i64>().ok()).map(|secs| secs.saturating_mul(1000));
        said.unwrap_or(RECEIVED_AT)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}
