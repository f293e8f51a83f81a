//! What spoiling begins with: every body and header in `tests/fixtures`, and the inputs kept in `tests/fuzz/corpus`,
//! hand-written ones and those that failed once.

use crate::parcel::pack;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A request of a vendor's.
pub struct Sent {
    /// The vendor's id.
    pub vendor: String,
    /// The whole request.
    pub parcel: Vec<u8>,
    /// Its body alone.
    pub body: Vec<u8>,
}

/// All of it.
pub struct Corpus {
    /// Submissions.
    pub sent: Vec<Sent>,
    /// Signed requests, whose secret and moment stand in headers of their own.
    pub signed: Vec<Vec<u8>>,
    /// Certificates and keys.
    pub certificates: Vec<Vec<u8>>,
    /// Answers and names out of the submissions.
    pub words: Vec<Vec<u8>>,
    /// Kept inputs: nasty ones, and those that failed once. Every target is given them first.
    pub kept: Vec<Vec<u8>>,
}

impl Corpus {
    pub fn read() -> Self {
        let mut sent: Vec<Sent> = files("fixtures/intake").iter().filter_map(|path| submission(path)).collect();
        sent.extend(files("fixtures/fetched").iter().flat_map(|path| answers(path)));
        let signed = files("fixtures/signatures").iter().flat_map(|path| vectors(path)).collect();
        let certificates = files("fixtures/certificates").iter().map(|path| bytes(path)).collect();
        let kept: Vec<Vec<u8>> = files("fuzz/corpus").iter().map(|path| bytes(path)).collect();
        assert!(sent.len() > 50 && kept.len() > 10, "the corpus is not where this test looks");
        let mut words = BTreeSet::new();
        for one in &sent {
            collect(&serde_json::from_slice(&one.body).unwrap_or_default(), &mut words);
        }
        let others = ["fixtures/money", "fixtures/sms", "fixtures/twilio"].into_iter().flat_map(files);
        for path in others {
            collect(&serde_json::from_slice(&bytes(&path)).unwrap(), &mut words);
        }
        Corpus { sent, signed, certificates, words: words.into_iter().collect(), kept }
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder), &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}

fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A body with the head that stands beside it.
fn submission(path: &Path) -> Option<Sent> {
    let name = path.file_name()?.to_str()?;
    let (stem, ending) = name.rsplit_once('.')?;
    let head: Value =
        serde_json::from_slice(&fs::read(path.with_file_name(format!("{stem}.expect.json"))).ok()?).ok()?;
    if name.ends_with(".expect.json") {
        return None;
    }
    let mut headers = headers(&head);
    headers.push(("content-type".to_owned(), head["content_type"].as_str().unwrap_or(ending).to_owned()));
    let body = bytes(path);
    Some(Sent {
        vendor: path.parent()?.file_name()?.to_str()?.to_owned(),
        parcel: pack("POST", "https://l.example/in/x", &headers, &body),
        body,
    })
}

/// What a vendor answers that was asked for what its events leave out.
fn answers(path: &Path) -> Vec<Sent> {
    let vendor = path.file_stem().and_then(|stem| stem.to_str()).unwrap();
    let all: Value = serde_json::from_slice(&bytes(path)).unwrap();
    let one = |case: &Value| {
        let body = case["body"].to_string().into_bytes();
        let headers = [("content-type".to_owned(), "application/json".to_owned())];
        Sent { vendor: vendor.to_owned(), parcel: pack("GET", "", &headers, &body), body }
    };
    all["cases"].as_array().unwrap().iter().map(one).collect()
}

fn headers(head: &Value) -> Vec<(String, String)> {
    let all = head["headers"].as_object().into_iter().flatten();
    all.map(|(name, value)| (name.to_lowercase(), value.as_str().unwrap_or("").to_owned())).collect()
}

/// The signed requests of a vendor's file.
fn vectors(path: &Path) -> Vec<Vec<u8>> {
    let vendor = match path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("") {
        "svix" => "standard-webhooks",
        "wix-app" => "wix",
        other => other,
    };
    let all: Vec<Value> = serde_json::from_slice(&bytes(path)).unwrap();
    let one = |vector: &Value| {
        let text = |key: &str| vector[key].as_str().unwrap_or("").to_owned();
        let mut headers = headers(vector);
        headers.push(("x-fuzz-vendor".to_owned(), vendor.to_owned()));
        headers.push(("x-fuzz-now".to_owned(), vector["now"].as_i64().unwrap_or(1_770_802_212).to_string()));
        let secret = vector["public_key"].as_str().map_or(text("secret"), |key| format!("{key}|{}", text("secret")));
        headers.push(("x-fuzz-secret".to_owned(), secret));
        pack(vector["method"].as_str().unwrap_or("POST"), &text("url"), &headers, text("body").as_bytes())
    };
    all.iter().map(one).collect()
}

/// Every text and number in a document.
fn collect(value: &Value, words: &mut BTreeSet<Vec<u8>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Object(entries) => entries.values().for_each(|item| collect(item, words)),
        Value::String(text) if text.len() <= 300 => drop(words.insert(text.clone().into_bytes())),
        Value::Number(number) => drop(words.insert(number.to_string().into_bytes())),
        _ => {}
    }
}
