//! The guard of the house: the invariants of the layout, read from the files themselves.
//!
//! Each rule is a function from a file to complaints, and each is tried on a planted violation, since a guard that
//! never complains may be blind. A rule that is in the way is changed here, on purpose and with its reason.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

#[path = "tidy/imports.rs"]
mod imports;
#[path = "tidy/pages.rs"]
mod pages;
#[path = "tidy/places.rs"]
mod places;
#[path = "tidy/read.rs"]
mod read;
#[path = "tidy/stores.rs"]
mod stores;

use read::{Source, files, paths, sources};

/// Fails with every complaint at once.
fn holds(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn everywhere(rule: fn(&Source) -> Vec<String>) {
    let sources = sources();
    assert!(sources.len() > 200, "the files of the house are not where this test looks");
    holds(sources.iter().flat_map(rule).collect());
}

#[test]
fn imports_go_down_or_left_only() {
    everywhere(imports::wrong_ways);
}

#[test]
fn each_crate_stays_in_its_home() {
    everywhere(places::strayed_crates);
}

#[test]
fn queries_stay_in_the_stores() {
    everywhere(places::strayed_queries);
}

#[test]
fn queries_are_written_down_and_never_composed() {
    everywhere(places::composed_queries);
}

#[test]
fn every_file_says_what_it_is_for() {
    everywhere(places::headless);
}

#[test]
fn no_file_is_too_long() {
    everywhere(places::too_long);
}

#[test]
fn nothing_stops_the_program_but_its_tests() {
    everywhere(places::panics);
}

#[test]
fn tests_do_not_sleep_and_all_of_them_run() {
    everywhere(places::idle_tests);
}

#[test]
fn pages_escape_everything_and_hold_no_script_or_style() {
    let pages = files(&["templates"], "");
    assert!(pages.len() > 20);
    holds(pages.iter().flat_map(|(path, text)| pages::loose(path, text)).collect());
    holds(sources().iter().flat_map(pages::unescaped).collect());
}

#[test]
fn every_snapshot_belongs_to_a_test() {
    let snapshots = files(&["src", "tests"], ".snap");
    assert!(snapshots.len() > 10);
    let source = |path: &str| std::fs::read_to_string(read::root().join(path)).ok();
    holds(snapshots.iter().flat_map(|(path, text)| stores::orphaned(path, text, &source)).collect());
    let undecided = paths(&["src", "tests"], ".snap.new");
    holds(undecided.into_iter().map(|path| format!("{path}: accept it or delete it")).collect());
}

#[test]
fn released_migrations_are_never_edited() {
    holds(stores::edited(&files(&["migrations"], ".sql")));
}

#[test]
fn every_provider_has_fixtures() {
    let ids: Vec<&str> = leadbell::intake::providers::all().iter().map(|provider| provider.id()).collect();
    let fixtures: Vec<String> = paths(&["tests/fixtures/intake"], "");
    holds(stores::without_fixtures(&ids, &fixtures));
}

#[test]
fn every_ban_has_its_reason() {
    let text = |name: &str| std::fs::read_to_string(read::root().join(name)).unwrap();
    holds(stores::bans_without_reason(&text("clippy.toml"), &text("deny.toml")));
}
