//! Where a browser may be sent after its form: a path of ours, or a host that the source allows, and nowhere else.

use url::Url;

/// The address to go to, if `target` is allowed: a relative path, or http(s) to exactly one of `allowed_hosts`.
///
/// ```
/// use leadbell::intake::redirect::thank_you;
/// assert_eq!(thank_you("https://shop.example/thanks", &["shop.example"]).as_deref(), Some("https://shop.example/thanks"));
/// assert_eq!(thank_you("//evil.example", &["shop.example"]), None);
/// ```
pub fn thank_you(target: &str, allowed_hosts: &[&str]) -> Option<String> {
    let lower = target.to_ascii_lowercase();
    let hostile = target.len() > 2_000
        || !target.is_ascii()
        || target.bytes().any(|b| b <= b' ' || b == b'\\' || b == 0x7f)
        || ["%0d", "%0a", "%00", "%5c", "%2f%2f"].iter().any(|code| lower.contains(code));
    if hostile {
        return None;
    }
    if target.starts_with('/') {
        return (!target.starts_with("//")).then(|| target.to_owned());
    }
    let url = Url::parse(target).ok()?;
    let plain = matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
    let host = url.host_str()?;
    (plain && allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))).then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_payload_leads_to_a_foreign_place() {
        let bases = [
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https:evil.example",
            "https:/evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://shop.example@evil.example/",
            "https://shop.example:pw@evil.example/",
            "https://shop.example.evil.example/",
            "https://evil.example/shop.example",
            "https://evil.example#shop.example",
            "https://evil.example?shop.example",
            "/%0d%0aLocation: https://evil.example",
            "/x%0aSet-Cookie: a=b",
            "https://shоp.example/",
            "https://xn--shp-sxc.example/",
            "ftp://shop.example/",
            " https://shop.example",
            "/%5cevil.example",
            "/%2f%2fevil.example",
            "https://shop.example\\@evil.example",
            "evil.example",
        ];

        for payload in bases
            .iter()
            .flat_map(|b| [(*b).to_owned(), format!("{b}/thanks"), format!("\t{b}"), format!("{b}\r\nX: y")])
        {
            let allowed = thank_you(&payload, &["shop.example"]);

            assert!(allowed.is_none(), "{payload:?} -> {allowed:?}");
        }
    }

    #[test]
    fn our_paths_and_allowed_hosts_pass() {
        assert_eq!(thank_you("/thanks?a=1", &[]).as_deref(), Some("/thanks?a=1"));
        assert!(thank_you("https://SHOP.example/danke", &["shop.example"]).is_some());
        assert!(thank_you("https://shop.example/danke", &[]).is_none());
    }
}
