//! Vendors whose proof is a function of their own: every vector, then ten thousand forgeries of each of its schemes.

use super::look_alikes::elsewhere;
use crate::base::random::Random;
use crate::intake::providers::{self, Provider, Refusal};
use crate::intake::reading::Request;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::Value;
use url::form_urlencoded;

/// The file of vectors, the schemes in it that count, and the provider that judges them.
const OWN: &[(&str, &[&str], &str)] = &[
    ("braintree", &["braintree-hmac-sha1"], "braintree"),
    ("google-ads", &["shared-key-in-body"], "google-ads"),
    ("hubspot", &["hubspot-v1"], "hubspot"),
    ("hubspot", &["hubspot-v2"], "hubspot"),
    ("hubspot", &["hubspot-v3"], "hubspot"),
    ("mollie", &["hmac-sha256-hex-prefixed"], "mollie"),
    ("netlify", &["netlify-jws"], "netlify"),
    ("paypal", &["paypal-rsa-crc32"], "paypal"),
    ("standard-webhooks", &["standard-webhooks-v1a-ed25519"], "standard-webhooks"),
    ("standard-webhooks", &["standard-webhooks-v1"], "standard-webhooks"),
    ("svix", &["standard-webhooks-v1"], "standard-webhooks"),
    ("twilio", &["twilio-hmac-sha1"], "twilio"),
    ("wix-app", &["jwt-rs256-body"], "wix"),
    ("woocommerce", &["hmac-sha256-base64"], "woocommerce"),
    ("wpforms", &["wpforms-t-v"], "wpforms"),
];

#[derive(Clone)]
struct Vector {
    name: String,
    provider: &'static dyn Provider,
    secret: String,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    now_ms: i64,
    certificate: Option<Vec<u8>>,
    valid: bool,
}

impl Vector {
    fn verdict(&self) -> Result<(), Refusal> {
        let request = Request {
            method: &self.method,
            url: &self.url,
            content_type: self.headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.as_str()),
            headers: &self.headers,
            query: "",
            body: &self.body,
            country: "US",
            received_at: self.now_ms,
        };
        match (self.provider.certified(), &self.certificate) {
            (Some(certified), Some(certificate)) => (certified.address)(&request)
                .and_then(|_address| (certified.verify)(&request, &[&self.secret], certificate)),
            _ => self.provider.verify(&request, &[&self.secret], self.now_ms),
        }
    }

    fn is_form(&self) -> bool {
        self.headers.iter().any(|(name, value)| name == "content-type" && value.contains("urlencoded"))
    }

    fn fields(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }
}

fn vectors(file: &str, schemes: &[&str], provider: &str) -> Vec<Vector> {
    let provider = providers::find(provider).unwrap();
    let path = format!("{}/tests/fixtures/signatures/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let all: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let vector = |v: &Value| {
        let private = v["secret"].as_str().unwrap();
        let pem = v["certificate_pem"].as_str();
        let headers = v["headers"].as_object().unwrap().iter().map(|(name, value)| (name.to_lowercase(), value));
        let content_type = v.get("content_type").map(|value| ("content-type".to_owned(), value));
        Vector {
            name: format!("{file}/{}", v["name"].as_str().unwrap()),
            provider,
            secret: v["public_key"].as_str().map_or(private.to_owned(), |public| format!("{public}|{private}")),
            method: v["method"].as_str().unwrap_or("POST").to_owned(),
            url: v["url"].as_str().unwrap_or("").to_owned(),
            headers: headers
                .chain(content_type)
                .map(|(name, value)| (name, value.as_str().unwrap().to_owned()))
                .collect(),
            body: v["body"].as_str().unwrap().as_bytes().to_vec(),
            now_ms: v["now"].as_i64().unwrap_or(0) * 1_000,
            certificate: pem.map(|pem| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec()),
            valid: v["valid"].as_bool().unwrap(),
        }
    };
    all.iter().filter(|v| schemes.contains(&v["scheme"].as_str().unwrap())).map(vector).collect()
}

#[test]
fn vendors_with_a_proof_of_their_own_judge_their_vectors_right() {
    for (file, schemes, provider) in OWN {
        let vectors = vectors(file, schemes, provider);
        assert!(vectors.iter().any(|v| v.valid), "{file} has no valid vector");
        for v in vectors {
            let verdict = v.verdict();

            assert_eq!(verdict.is_ok(), v.valid, "{}: {verdict:?}", v.name);
        }
    }
}

/// Where a signature stands.
#[derive(Clone, Debug)]
enum Carrier {
    Header(usize),
    Field(&'static str),
    Json(&'static str),
    Body,
}

/// Headers that prove something, and headers that are signed along.
const PROVING: &[&str] = &[
    "x-hubspot-signature",
    "x-hubspot-signature-v3",
    "x-mollie-signature",
    "x-webhook-signature",
    "paypal-transmission-sig",
    "webhook-signature",
    "svix-signature",
    "x-wc-webhook-signature",
    "x-wpforms-webhook-signature",
    "x-twilio-signature",
];
const SIGNED_ALONG: &[&str] = &[
    "x-hubspot-request-timestamp",
    "paypal-transmission-id",
    "paypal-transmission-time",
    "paypal-auth-algo",
    "webhook-id",
    "webhook-timestamp",
    "svix-id",
    "svix-timestamp",
];

fn carrier(v: &Vector) -> Carrier {
    match v.provider.id() {
        "braintree" => Carrier::Field("bt_signature"),
        "google-ads" => Carrier::Json("google_key"),
        "wix" => Carrier::Body,
        _ => Carrier::Header(v.headers.iter().position(|(name, _)| PROVING.contains(&name.as_str())).unwrap()),
    }
}

#[test]
fn ten_thousand_forgeries_of_each_proof_of_a_vendors_own_are_refused() {
    let random = Random::seeded(12);
    for (file, schemes, provider) in OWN {
        let good: Vec<Vector> =
            vectors(file, schemes, provider).into_iter().filter(|v| v.valid && is_proven(v)).collect();
        let mut tried = 0;
        while tried < 10_000 {
            let v = &good[tried % good.len()];
            let forged = forge(v, &random, tried);
            tried += 1;

            assert!(
                forged.verdict().is_err(),
                "{}: {:?} {}",
                v.name,
                forged.headers,
                String::from_utf8_lossy(&forged.body)
            );
        }
    }
}

/// What is let in without a signature, because it can do no harm, proves nothing.
fn is_proven(v: &Vector) -> bool {
    matches!(v.provider.id(), "braintree" | "google-ads" | "wix")
        || v.headers.iter().any(|(name, _)| PROVING.contains(&name.as_str()))
}

/// One change that a forger could make, and that changes what is said.
fn forge(v: &Vector, random: &Random, n: usize) -> Vector {
    let upto = |most: usize| usize::try_from(random.up_to(i64::try_from(most).unwrap())).unwrap();
    let mut forged = v.clone();
    let carrier = carrier(v);
    match n % 8 {
        0 | 1 => write(&mut forged, &carrier, |sign| every_entry(sign, |entry| flip(entry, &upto))),
        2 => write(&mut forged, &carrier, |sign| {
            every_entry(sign, |entry| {
                entry[..upto(entry.trim_end_matches([' ', ',', '&', ';']).len().max(1) - 1)].to_owned()
            })
        }),
        3 => write(&mut forged, &carrier, |sign| every_entry(sign, |entry| flip(entry, &upto)).repeat(2)),
        4 => return another_body(v, &carrier, &upto),
        5 => forged.secret = another_secret(v),
        6 => match forged.headers.iter().position(|(name, _)| SIGNED_ALONG.contains(&name.as_str())) {
            Some(_) => {
                let places: Vec<usize> = (0..forged.headers.len())
                    .filter(|at| SIGNED_ALONG.contains(&forged.headers[*at].0.as_str()))
                    .collect();
                let value = &mut forged.headers[places[upto(places.len() - 1)]].1;
                let at = upto(value.len() - 1);
                let other = if value.as_bytes()[at] == b'7' { "8" } else { "7" };
                value.replace_range(at..=at, other);
            }
            None => write(&mut forged, &carrier, |_| String::new()),
        },
        _ => write(&mut forged, &carrier, |sign| {
            let letters = b"0123456789abcdefABCDEF+/=.-_ghijklmnopqrstuvwxyz";
            (0..sign.len()).map(|_| char::from(letters[upto(letters.len() - 1)])).collect()
        }),
    }
    forged
}

fn write(v: &mut Vector, carrier: &Carrier, change: impl Fn(&str) -> String) {
    match carrier {
        Carrier::Header(at) => v.headers[*at].1 = change(&v.headers[*at].1),
        Carrier::Body => v.body = change(std::str::from_utf8(&v.body).unwrap()).into_bytes(),
        Carrier::Field(name) => {
            let mut fields = v.fields();
            let field = fields.iter_mut().find(|(field, _)| field == name).unwrap();
            field.1 = change(&field.1);
            v.body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes();
        }
        Carrier::Json(name) => {
            let mut json: Value = serde_json::from_slice(&v.body).unwrap();
            json[*name] = Value::String(change(json[*name].as_str().unwrap()));
            v.body = json.to_string().into_bytes();
        }
    }
}

/// Of several signatures each is changed: one left whole would still be genuine.
fn every_entry(sign: &str, change: impl Fn(&str) -> String) -> String {
    sign.split_inclusive([' ', ',', '&', ';']).map(change).collect()
}

/// Changes one character that carries something.
fn flip(entry: &str, upto: &impl Fn(usize) -> usize) -> String {
    let text = entry.trim_end_matches([' ', ',', '&', ';', '=']);
    let start = text.rfind(['=', ',', '|']).map_or(0, |at| at + 1);
    if text.len() <= start {
        return entry.to_owned();
    }
    let at = start + upto(text.len() - start - 1);
    let now = entry.as_bytes()[at];
    let new = if now == b'a' { "b" } else { "a" };
    format!("{}{new}{}", &entry[..at], &entry[at + 1..])
}

/// The signature of one request under another. Of a key that stands in the body, the key alone is proof.
fn another_body(v: &Vector, carrier: &Carrier, upto: &impl Fn(usize) -> usize) -> Vector {
    let mut forged = v.clone();
    if matches!(carrier, Carrier::Json(_)) {
        forged.secret = another_secret(v);
        return forged;
    }
    if matches!(carrier, Carrier::Field(_)) {
        write(&mut forged, &Carrier::Field("bt_payload"), |payload| flip(payload, upto));
        return forged;
    }
    if forged.body.is_empty() {
        forged.body.push(b' ');
        return forged;
    }
    while forged.body.trim_ascii() == v.body.trim_ascii() || (v.is_form() && forged.fields() == v.fields()) {
        forged.body.clone_from(&v.body);
        let at = upto(forged.body.len() - 1);
        forged.body[at] ^= 1 << upto(7);
    }
    forged
}

fn another_secret(v: &Vector) -> String {
    match v.provider.id() {
        "wix" => include_str!("../../../../tests/fixtures/certificates/another-key.pem").to_owned(),
        _ if v.secret.starts_with("whpk_") => "whpk_2SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=".to_owned(),
        "standard-webhooks" => "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oE".to_owned(),
        _ => format!("{}x", v.secret),
    }
}

#[test]
fn a_public_key_and_a_secret_of_standard_webhooks_judge_their_own_version_only() {
    let v1a = vectors("standard-webhooks", &["standard-webhooks-v1a-ed25519"], "standard-webhooks").remove(0);
    let v1 = vectors("standard-webhooks", &["standard-webhooks-v1"], "standard-webhooks").remove(0);
    let with = |v: &Vector, secret: &str| Vector { secret: secret.to_owned(), ..v.clone() }.verdict();

    assert!(with(&v1a, &v1a.secret).is_ok() && with(&v1, &v1.secret).is_ok());
    assert!(with(&v1a, &v1.secret).is_err() && with(&v1, &v1a.secret).is_err());
    let provider = v1.provider;
    assert!(provider.usable(&v1a.secret).is_ok() && provider.usable(&v1.secret).is_ok());
    for wrong in ["whpk_", "whpk_AAAA", "whpk_not base 64", ""] {
        assert!(provider.usable(wrong).is_err() && with(&v1a, wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_request_of_paypals_is_never_believed_without_its_certificate() {
    let v = vectors("paypal", &["paypal-rsa-crc32"], "paypal").into_iter().find(|v| v.valid).unwrap();

    assert!(Vector { certificate: None, ..v.clone() }.verdict().is_err());
    for elsewhere in elsewhere() {
        let mut forged = v.clone();
        forged.headers.iter_mut().find(|(name, _)| name == "paypal-cert-url").unwrap().1.clone_from(&elsewhere);
        assert!(forged.verdict().is_err(), "{elsewhere}");
    }
    let address = v.provider.certified().unwrap().address;
    for elsewhere in elsewhere() {
        let headers = [("paypal-cert-url".to_owned(), elsewhere.clone())];
        assert!(address(&asking(&headers)).is_err(), "{elsewhere} would be asked");
    }
    for theirs in
        ["https://api.paypal.com/v1/notifications/certs/CERT-1", "https://API.sandbox.paypal.com:443/certs/2?x=1#y"]
    {
        let headers = [("paypal-cert-url".to_owned(), theirs.to_owned())];
        let asked = address(&asking(&headers)).unwrap();
        assert!(asked.starts_with("https://api.") && !asked.contains('?') && !asked.contains(":443"), "{asked}");
    }
}

fn asking(headers: &[(String, String)]) -> Request<'_> {
    Request {
        method: "POST",
        url: "",
        content_type: None,
        headers,
        query: "",
        body: b"{}",
        country: "US",
        received_at: 0,
    }
}
