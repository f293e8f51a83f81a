//! Every published and computed vector, then ten thousand forgeries of each scheme.

use super::*;
use crate::base::random::Random;
use schemes as s;
use serde_json::Value;

mod look_alikes;
mod own;

/// The vectors of a vendor, and the scheme that judges them.
const VENDORS: &[(&str, &str, &Scheme<'static>)] = &[
    ("acuity", "hmac-sha256-base64", &s::ACUITY),
    ("cal-com", "hmac-sha256-hex", &s::CAL_COM),
    ("calendly", "stripe-like-t-v1", &s::CALENDLY),
    ("formspree", "stripe-like-t-v1", &s::FORMSPREE),
    ("formstack", "hmac-sha256-hex-prefixed", &s::FORMSTACK),
    ("framer", "framer", &s::FRAMER),
    ("gocardless", "hmac-sha256-hex", &s::GOCARDLESS),
    ("hubspot", "hubspot-v3", &s::HUBSPOT_V3),
    ("intercom", "hub-sha1", &s::INTERCOM),
    ("lemonsqueezy", "hmac-sha256-hex", &s::LEMON_SQUEEZY),
    ("linkedin", "linkedin", &s::LINKEDIN),
    ("meta", "hub-sha256", &s::META),
    ("mollie", "hmac-sha256-hex-prefixed", &s::MOLLIE),
    ("paddle", "paddle-h1", &s::PADDLE),
    ("razorpay", "hmac-sha256-hex", &s::RAZORPAY),
    ("shopify", "hmac-sha256-base64", &s::SHOPIFY),
    ("square", "square-hmac-sha256", &s::SQUARE),
    ("standard-webhooks", "standard-webhooks-v1", &s::STANDARD),
    ("stripe", "stripe-v1", &s::STRIPE),
    ("svix", "standard-webhooks-v1", &s::STANDARD),
    ("tally", "hmac-sha256-base64", &s::TALLY),
    ("tiktok", "tiktok-t-s", &s::TIKTOK),
    ("typeform", "sha256-base64-prefixed", &s::TYPEFORM),
    ("webflow", "webflow", &s::WEBFLOW),
    ("woocommerce", "hmac-sha256-base64", &s::WOOCOMMERCE),
    ("wpforms", "wpforms-t-v", &s::WPFORMS),
];

struct Vector {
    name: String,
    secret: String,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
    now_ms: i64,
    valid: bool,
}

impl Vector {
    fn request<'a>(&'a self, headers: &'a [(String, String)], body: &'a [u8]) -> Request<'a> {
        Request {
            method: &self.method,
            url: &self.url,
            content_type: None,
            headers,
            query: "",
            body,
            country: "US",
            received_at: self.now_ms,
        }
    }
}

fn vectors(vendor: &str, scheme: &str) -> Vec<Vector> {
    let path = format!("{}/tests/fixtures/signatures/{vendor}.json", env!("CARGO_MANIFEST_DIR"));
    let all: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = |v: &Value, key: &str| v[key].as_str().unwrap_or("").to_owned();
    all.iter()
        .filter(|v| v["scheme"] == scheme)
        // The form format signs JSON that has to be rebuilt: the provider's own file does that.
        .filter(|v| v["name"] != "form-format-signs-the-json-of-the-fields")
        .map(|v| Vector {
            name: format!("{vendor}/{}", text(v, "name")),
            secret: text(v, "secret"),
            method: v["method"].as_str().unwrap_or("POST").to_owned(),
            url: text(v, "url"),
            headers: v["headers"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap().to_owned()))
                .collect(),
            body: text(v, "body"),
            now_ms: v["now"].as_i64().unwrap_or(0) * 1_000,
            valid: v["valid"].as_bool().unwrap(),
        })
        .collect()
}

#[test]
fn every_vector_of_every_vendor_is_judged_right() {
    let mut judged = 0;
    for (vendor, name, scheme) in VENDORS {
        let vectors = vectors(vendor, name);
        assert!(vectors.iter().any(|v| v.valid), "{vendor} has no valid vector");
        for v in vectors {
            let verdict = verify(scheme, &v.request(&v.headers, v.body.as_bytes()), &[&v.secret], v.now_ms);

            assert_eq!(verdict.is_ok(), v.valid, "{}: {verdict:?}", v.name);
            judged += 1;
        }
    }
    assert!(judged >= 100, "{judged}");
}

#[test]
fn a_new_secret_and_the_old_one_are_good_side_by_side() {
    for (vendor, name, scheme) in VENDORS {
        let v = vectors(vendor, name).into_iter().find(|v| v.valid).unwrap();
        let request = v.request(&v.headers, v.body.as_bytes());
        let other = if scheme.key == Key::Whsec { "whsec_bmV3IHNlY3JldCBuZXcgc2VjcmV0IG5ldw==" } else { "new" };

        assert!(verify(scheme, &request, &[other, &v.secret], v.now_ms).is_ok(), "{}", v.name);
        assert!(verify(scheme, &request, &[other], v.now_ms).is_err(), "{}", v.name);
        assert!(verify(scheme, &request, &[], v.now_ms).is_err(), "{}", v.name);
        assert!(verify(scheme, &request, &[""], v.now_ms).is_err(), "{}", v.name);
    }
}

#[test]
fn ten_thousand_forgeries_of_each_scheme_are_refused() {
    let random = Random::seeded(11);
    for (vendor, name, scheme) in VENDORS {
        let v = vectors(vendor, name)
            .into_iter()
            .find(|v| v.valid && v.headers.iter().any(|h| is_signature(scheme, &h.0)))
            .unwrap();
        for n in 0..10_000 {
            let (mut headers, mut body) = (v.headers.clone(), v.body.clone().into_bytes());
            let what = forge(scheme, &random, n, &mut headers, &mut body);

            let verdict = verify(scheme, &v.request(&headers, &body), &[&v.secret], v.now_ms);

            assert!(verdict.is_err(), "{} {what}: {headers:?}", v.name);
        }
    }
}

fn is_signature(scheme: &Scheme<'_>, header: &str) -> bool {
    scheme.headers.contains(&header)
}

/// One change that a forger could make; returns its name.
fn forge(
    scheme: &Scheme<'_>,
    random: &Random,
    n: usize,
    headers: &mut Vec<(String, String)>,
    body: &mut Vec<u8>,
) -> &'static str {
    let upto = |most: usize| usize::try_from(random.up_to(i64::try_from(most).unwrap())).unwrap();
    let at = headers.iter().position(|(name, _)| is_signature(scheme, name)).unwrap();
    let several = matches!(scheme.layout, Layout::Alone { several: true, .. });
    match n % 8 {
        0 => {
            // Every signature in the header is changed: one left whole would still be genuine.
            let value: String =
                headers[at].1.split_inclusive([',', ' ', ';']).map(|entry| flip(entry, &upto)).collect();
            headers[at].1 = value;
            "flipped"
        }
        1 => {
            let keep = upto(headers[at].1.len().saturating_sub(1));
            headers[at].1.truncate(keep);
            "truncated"
        }
        2 => {
            headers[at].1 = String::new();
            "empty"
        }
        3 if body.is_empty() => {
            body.push(b' ');
            "another body"
        }
        3 => {
            let place = upto(body.len() - 1);
            body[place] ^= 1 << upto(7);
            "another body"
        }
        4 => {
            let value = &headers[at].1;
            let swapped: String = value
                .chars()
                .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
                .collect();
            headers[at].1 = swapped;
            "another case"
        }
        5 if several => {
            headers.remove(at);
            "missing"
        }
        5 => {
            let again = headers[at].clone();
            headers.push(again);
            "twice"
        }
        6 => {
            headers.remove(at);
            "missing"
        }
        _ => {
            let bytes: Vec<u8> = (0..32).map(|_| u8::try_from(upto(255)).unwrap()).collect();
            let made = match scheme.encoding {
                Encoding::Hex => base16ct::lower::encode_string(&bytes),
                Encoding::Base64 => STANDARD.encode(&bytes),
            };
            headers[at].1 = match scheme.layout {
                Layout::Alone { prefix, .. } => format!("{prefix}{made}"),
                Layout::Pairs { between, time, signature } => format!("{time}=1770802212{between}{signature}={made}"),
                Layout::Versions { label } => format!("{label}{made}"),
            };
            "made up"
        }
    }
}

/// Changes one character of the signature in an entry, to another one of the same alphabet.
fn flip(entry: &str, upto: &impl Fn(usize) -> usize) -> String {
    let body = entry.trim_end_matches([',', ' ', ';', '=']);
    let start = body.rfind(['=', ',']).map_or(0, |i| i + 1);
    if body.len() - start < 20 {
        return entry.to_owned();
    }
    let place = start + upto(body.len() - start - 2);
    let new = if entry.as_bytes()[place] == b'a' { "b" } else { "a" };
    format!("{}{new}{}", &entry[..place], &entry[place + 1..])
}

#[test]
fn a_scheme_of_the_owners_own_is_checked_like_any_other() {
    let description = "header=X-Acme; prefix=sha256=; signed={method} {url} {body}; secret=s3cret";
    let text = b"POST https://leads.example.com/in/t?a=1 hello";
    let signature = format!("sha256={}", hex_hmac(Digest::Sha256, b"s3cret", text));
    let headers = [("x-acme".to_owned(), signature)];
    let request = Request {
        method: "POST",
        url: "https://leads.example.com/in/t?a=1",
        content_type: None,
        headers: &headers,
        query: "a=1",
        body: b"hello",
        country: "US",
        received_at: 0,
    };

    let judge =
        |request: &Request<'_>| custom::with(description, |scheme, secret| verify(scheme, request, &[secret], 0));

    assert!(judge(&request).is_ok());
    assert!(judge(&Request { body: b"hullo", ..request }).is_err());
}
