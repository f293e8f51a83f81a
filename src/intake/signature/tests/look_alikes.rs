//! Addresses from which a certificate might be fetched by mistake.

/// Addresses that look like PayPal's, and are not where its certificates are.
pub fn elsewhere() -> Vec<String> {
    let hosts = [
        "paypal.com",
        "www.paypal.com",
        "api-m.paypal.com",
        "evil.paypal.com",
        "api.paypal.com.evil.example",
        "paypal.com.evil.example",
        "notpaypal.com",
        "xapi.paypal.com",
        "api.paypa1.com",
        "api.paypaI.com",
        "api.pаypal.com",
        "api-paypal.com",
        "api.paypal.co",
        "api.paypal.com.",
        "api.paypal.com..",
        "api..paypal.com",
        ".api.paypal.com",
        "api.sandbox.paypal.com.evil.example",
        "sandbox.paypal.com",
        "xapi.sandbox.paypal.com",
        "api.sandbox.paypa1.com",
        "user@api.paypal.com",
        ":secret@api.paypal.com",
        "api.paypal.com@evil.example",
        "api.paypal.com%40evil.example",
        "api.paypal.com%2f@evil.example",
        "evil.example#api.paypal.com",
        "evil.example?api.paypal.com",
        "evil.example/api.paypal.com",
        "evil.example\\api.paypal.com",
        "evil.example\\.api.paypal.com",
        "api.paypal.com:80",
        "api.paypal.com:8443",
        "api.paypal.com:0",
        "api.paypal.com:99999",
        "api.paypal.com:443@evil.example",
        "api.paypal.com%00.evil.example",
        "api.paypal.com%0d%0aHost: evil.example",
        "127.0.0.1",
        "2130706433",
        "0177.0.0.1",
        "0x7f000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "localhost",
        "api.paypal.com evil.example",
        "api.paypal.com\tevil.example",
        "xn--api-paypal-com.example",
        "api。paypal。com.evil.example",
        "api.paypal.com․evil.example",
        "",
    ];
    let path = "v1/notifications/certs/CERT-1";
    let schemes = ["http://api.paypal.com", "ftp://api.paypal.com", "HTTP://api.paypal.com", "wss://api.paypal.com"];
    let odd = ["file:///etc/passwd", "//api.paypal.com/certs/1", "api.paypal.com/certs/1", "data:,x", "https:", ""];
    let all: Vec<String> = hosts
        .iter()
        .map(|host| format!("https://{host}/{path}"))
        .chain(schemes.iter().map(|scheme| format!("{scheme}/{path}")))
        .chain(odd.map(str::to_owned))
        .chain([format!("https://api.paypal.com/{}", "a".repeat(400))])
        .collect();
    assert!(all.len() >= 60, "{}", all.len());
    all
}
