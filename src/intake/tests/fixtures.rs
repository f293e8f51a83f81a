//! Every recorded payload is read by the provider of its folder, and by the generic reader where there is none yet.

use super::super::providers;
use super::super::reading::{Kind, Reading, Request};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// How many of a hundred expectations the generic reader alone must meet.
const GENERIC_MIN_PERCENT: usize = 95;

struct Fixture {
    folder: String,
    stem: String,
    body: Vec<u8>,
    expect: Value,
}

fn fixtures() -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/intake");
    let mut expectations: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".expect.json"))
        .collect();
    expectations.sort();
    expectations.iter().map(|path| load(path)).collect()
}

fn load(path: &Path) -> Fixture {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let stem = name.trim_end_matches(".expect.json").to_owned();
    let body = ["form", "json", "multipart", "txt"]
        .iter()
        .find_map(|ext| std::fs::read(path.with_file_name(format!("{stem}.{ext}"))).ok())
        .unwrap_or_else(|| panic!("{} has no payload beside it", path.display()));
    let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
    Fixture { folder, stem, body, expect: serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() }
}

impl Fixture {
    fn read(&self, provider: &dyn providers::Provider) -> Reading {
        let headers: Vec<(String, String)> = self.expect["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.to_ascii_lowercase(), value.as_str()?.to_owned())))
            .collect();
        provider.read(&Request {
            method: "POST",
            url: "",
            content_type: self.expect["content_type"].as_str(),
            headers: &headers,
            query: "",
            body: &self.body,
            country: "US",
            received_at: 0,
        })
    }

    /// The expectations that a reading misses, and how many there were.
    fn judge(&self, reading: &Reading) -> (Vec<String>, usize) {
        let want = &self.expect["expected"];
        let kind = want["kind"].as_str().unwrap_or("lead");
        if matches!(kind, "ping" | "test" | "spam") {
            let fits = reading.kind
                == [Kind::Ignored, Kind::Test, Kind::Spam]
                    [["ping", "test", "spam"].iter().position(|k| *k == kind).unwrap()];
            return (if fits { Vec::new() } else { vec![format!("kind {:?}, not {kind}", reading.kind)] }, 1);
        }
        let e164 = reading.phone.as_ref().map(|p| p.as_str());
        let got = [
            ("name", reading.name.as_deref()),
            ("email", reading.email.as_ref().map(|e| e.as_str())),
            ("phone", reading.phone_as_given.as_deref()),
            ("message", reading.message.as_deref()),
        ];
        let mut missed = Vec::new();
        let mut count = 1;
        if reading.kind != Kind::Lead {
            missed.push(format!("kind {:?}", reading.kind));
        }
        for (key, got) in got {
            count += 1;
            if !self.accepts(key, got) {
                missed.push(format!("{key} is {got:?}, not {}", want[key]));
            }
        }
        if let Some(number) = want["phone_e164"].as_str() {
            count += 1;
            if e164 != Some(number) {
                missed.push(format!("phone_e164 is {e164:?}, not {number}"));
            }
        }
        (missed, count)
    }

    fn accepts(&self, key: &str, got: Option<&str>) -> bool {
        let lists = |field: &str, value: Option<&str>| {
            self.expect[field].as_array().is_some_and(|all| all.iter().any(|one| one.as_str() == value))
        };
        got == self.expect["expected"][key].as_str()
            || lists("optional", Some(key))
            || lists(&format!("accept_{key}"), got)
    }
}

#[test]
fn every_recorded_payload_is_read_by_its_provider() {
    let mut missed = Vec::new();
    for fixture in fixtures() {
        let provider = providers::find(&fixture.folder);
        let is_generic = fixture.folder.starts_with("generic-");
        let Some(provider) = provider.or(is_generic.then(providers::generic)) else { continue };

        let reading = fixture.read(provider);

        let (mut misses, _) = fixture.judge(&reading);
        let id = fixture.expect["expected"]["event_id"].as_str();
        if reading.event_id.as_deref() != id {
            misses.push(format!("event_id is {:?}, not {id:?}", reading.event_id));
        }
        missed.extend(misses.iter().map(|miss| format!("{}/{}: {miss}", fixture.folder, fixture.stem)));
    }

    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

#[test]
fn the_generic_reader_alone_reads_nearly_every_sender() {
    let mut missed = Vec::new();
    let mut count = 0;
    for fixture in fixtures() {
        let (misses, of) = fixture.judge(&fixture.read(providers::generic()));

        count += of;
        missed
            .extend(misses.iter().map(|miss| format!("{:<28} {miss}", format!("{}/{}", fixture.folder, fixture.stem))));
    }

    let percent = 100 - missed.len() * 100 / count;
    println!("{} of {count} expectations met\n{}", count - missed.len(), missed.join("\n"));
    assert!(count >= 200, "{count} expectations");
    assert!(percent >= GENERIC_MIN_PERCENT, "{percent} % of {count}\n{}", missed.join("\n"));
}
