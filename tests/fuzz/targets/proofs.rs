//! Proofs of the sender: whatever stands in headers, address and body, a secret that nobody has signed with is never
//! satisfied, and nothing panics.

use super::{BODY_MAX, Target, WORD_MAX};
use crate::corpus::Corpus;
use crate::parcel::{Parcel, unpack};
use leadbell::base::keys::sha256_hex;
use leadbell::base::twilio_signature::{Callback, HEADER, is_genuine};
use leadbell::intake::providers;
use leadbell::intake::reading::{Kind, Reading};
use leadbell::intake::signature::custom;
use leadbell::intake::signature::jwt::Token;
use leadbell::intake::signature::public_key::{RsaKey, is_signed_by};

pub fn targets(corpus: &Corpus) -> Vec<Target> {
    let target = |name: &str, inputs: u64, seeds: Vec<Vec<u8>>, check: fn(&[u8])| Target {
        name: name.to_owned(),
        inputs,
        seeds,
        most: if name == "signature" { BODY_MAX } else { WORD_MAX },
        check: Box::new(check),
    };
    let descriptions = [
        "header=X-Acme; hash=sha1; encoding=base64; prefix=v1=; signed={time}.{body}; time=X-Acme-Time; secret=a;b=c",
        "header=X-Acme-Signature; secret=s",
        "header=x; time_ms=y; signed={method}{url}\n{body}|{time}; secret=secret=",
    ];
    let tokens = corpus.signed.iter().map(|bytes| bytes.split(|b| *b == b'\n').next_back().unwrap_or(b"").to_vec());
    vec![
        target("signature", 2_000, corpus.signed.clone(), signature),
        target("custom-hmac", 2_000, descriptions.map(|text| text.as_bytes().to_vec()).into(), description),
        target("token", 1_000, tokens.filter(|token| token.len() > 60).collect(), token),
        target("certificate", 500, corpus.certificates.clone(), certificate),
    ]
}

fn signature(bytes: &[u8]) {
    let parcel = unpack(bytes);
    let request = parcel.request();
    let header = |name: &str| request.first(&[name]).unwrap_or("");
    let all = providers::all();
    let provider = providers::find(header("x-fuzz-vendor")).unwrap_or(all[bytes.len() % all.len()]);

    // With its true secret it may well pass: not every spoilt byte was signed.
    drop(provider.usable(header("x-fuzz-secret")));
    drop(provider.verify(&request, &[header("x-fuzz-secret")], parcel.now()));
    let secret = unknown(provider.id(), bytes);
    let verdicts = [provider.verify(&request, &[&secret], parcel.now()), provider.verify(&request, &[], parcel.now())];

    // What a vendor never signs (a ping, an id to ask for) may pass, if it says nothing about anybody by itself.
    if verdicts.iter().any(Result::is_ok) {
        let readings = provider.read_all(&request);
        let says_nothing = |r: &Reading| r.kind == Kind::Ignored || (r.fetch.is_some() && r.email.is_none());
        assert!(readings.iter().all(says_nothing), "{} accepted it from anybody: {readings:?}", provider.id());
    }
    if let Some(certified) = provider.certified() {
        let address = (certified.address)(&request);
        assert!(
            address.is_err() || address.is_ok_and(|url| url.starts_with("https://")),
            "a certificate from anywhere"
        );
        drop((certified.verify)(&request, &[&secret], bytes));
    }
    is_no_callback(&parcel, &secret);
}

/// A secret in the vendor's own form that depends on everything in the request, so that nothing in there can fit it.
fn unknown(vendor: &str, bytes: &[u8]) -> String {
    let random = sha256_hex(bytes);
    match vendor {
        "standard-webhooks" => format!("whsec_{random}"),
        "custom-hmac" => format!("header=x-hub-signature-256; prefix=sha256=; secret={random}"),
        "braintree" => format!("public|{random}"),
        _ => random,
    }
}

fn is_no_callback(parcel: &Parcel<'_>, secret: &str) {
    let request = parcel.request();
    let signatures: Vec<&[u8]> = request.all(HEADER).into_iter().map(str::as_bytes).collect();
    let callback = Callback {
        method: request.method,
        url: request.url,
        content_type: request.content_type,
        signatures: &signatures,
        body: request.body,
    };
    assert!(!is_genuine(&callback, &[secret]), "a callback passed with a secret that nobody has");
}

fn description(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);

    let judged = custom::with(&text, |scheme, secret| {
        assert!(!secret.is_empty() && scheme.headers.iter().all(|name| !name.is_empty()));
        Ok(())
    });

    assert!(judged.is_ok() || judged.is_err_and(|refusal| !refusal.problem.is_empty()));
}

fn token(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(token) = Token::parse(&text, "HS256").or_else(|| Token::parse(&text, "RS256")) {
        assert!(text.contains(token.signed));
    }
}

fn certificate(bytes: &[u8]) {
    RsaKey::from_pem(&String::from_utf8_lossy(bytes));
    assert!(!is_signed_by(bytes, b"text", bytes));
}
