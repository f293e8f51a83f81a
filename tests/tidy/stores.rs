//! What is kept beside the code: snapshots, migrations, fixtures, bans.

use leadbell::base::keys::sha256_hex;

/// Migrations that somebody's database has been through, with the SHA-256 of their text.
const RELEASED: &[(&str, &str)] = &[
    ("migrations/sqlite/0001_road.sql", "f450e3a59e8d60a5bc005a727da3cf4c5aba42ee7858f973fe3f9652aa409454"),
    ("migrations/sqlite/0002_outbox_limits.sql", "808d1a992020db9ba35011b886c6294543a67844ad5d8d1d808cbb8bf073eac6"),
    ("migrations/sqlite/0003_payments.sql", "237e443cb240d112daf05cc9331753008e4d85544b4caa26d419075b286e3522"),
    ("migrations/sqlite/0004_sources.sql", "100d064b16f2b2782b31727b6c2d18b17b1606d018360337136b5e7f83e4b9f5"),
    ("migrations/sqlite/0005_drift.sql", "d48e12fd0799c9f4cbf21a2da60e971e03f01efb4bd50cbf63dfa8ebbf3235aa"),
    ("migrations/sqlite/0006_own_form.sql", "6da9ee046147cb585981a087117d322e3d7444b742111ca0cfd40669b8eff758"),
    ("migrations/sqlite/0007_fetch.sql", "4c28fda65dfe1d01791a7e4737637cb25da9cda119fe71bd90c38cd7cf1c4976"),
    ("migrations/sqlite/0008_nudge.sql", "f0338e9f3bc8419122cd4ee56147d9d4c7b86ca5ec7f05c9df05cf3c36deff14"),
    ("migrations/sqlite/0009_mapping.sql", "f343b12a6ff6fc31721af50bca73f97df0daac278515ea4bc5bf3103b8ae4c0d"),
    ("migrations/sqlite/0010_handoff.sql", "9c0af00ce532d9613f55d1ffbcca657d1e042caac4daf1d9c8a38a4fcb5d5c7d"),
    ("migrations/sqlite/0011_texts.sql", "617bc2667376b98409480cb231f44a8897e0455acbbb2d220ead486cd6cf6b64"),
    ("migrations/sqlite/0012_keep.sql", "aed8146530fa32d0d5bc45ab231b0a5fdefaec30ba388534cafdf05ee6576d3b"),
    ("migrations/sqlite/0013_calls.sql", "2ae533f4ae78ac697f29d169e5c40568260cbb2dfa6e65d71ecdbacd557c45c3"),
    ("migrations/sqlite/0014_wording.sql", "a5b9eed3b0d1fc9824c82172f89088f7d36871612d63fd7834a585713c584b44"),
    ("migrations/sqlite/0015_hooks.sql", "e553bd9bcff99ffe6c409b07100c25042dd5cba742f535ea5d552e676b23c8ce"),
    ("migrations/sqlite/0016_report.sql", "3487faf426a76912381ff117ce5ab918001c92b4458427acea91762f8157db47"),
    ("migrations/sqlite/0017_silence.sql", "aad41a702753aafb2970fc77de664132f5abc7d1c3df48ba989a3008659e04b1"),
];

/// A snapshot whose test is gone: its source does not exist, or names neither it nor a test after which it is called.
pub fn orphaned(path: &str, text: &str, source: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".snap");
    let name = stem.rsplit("__").next().unwrap_or(stem);
    let bare = name.rsplit_once('-').filter(|(_, n)| n.parse::<u32>().is_ok()).map_or(name, |(bare, _)| bare);
    let from = text.lines().find_map(|line| line.strip_prefix("source: "));
    let Some(code) = from.and_then(source) else { return Some(format!("{path}: its source does not exist")) };
    let is_named = code.contains(&format!("\"{name}\""))
        || code.contains(&format!("fn {bare}("))
        || code.contains(&format!("fn test_{bare}("));
    (!is_named).then(|| format!("{path}: no test makes it any more; delete it"))
}

/// Migrations that were changed after their release, or that share a number.
pub fn edited(migrations: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, hash) in RELEASED {
        match migrations.iter().find(|(name, _)| name == path) {
            None => found.push(format!("{path}: a released migration is gone")),
            Some((_, text)) if sha256_hex(text.as_bytes()) != *hash => {
                found.push(format!("{path}: a released migration was edited; write a new one"));
            }
            Some(_) => {}
        }
    }
    let numbers: Vec<&str> = migrations
        .iter()
        .map(|(path, _)| path.rsplit('/').next().unwrap_or(path).split('_').next().unwrap_or(""))
        .collect();
    let twice = numbers.iter().enumerate().filter(|(n, number)| numbers[..*n].contains(number));
    found.extend(twice.map(|(_, number)| format!("two migrations have the number {number}")));
    found
}

/// Providers without a folder of fixtures that holds at least one payload and what is to be read from it.
pub fn without_fixtures(providers: &[&str], fixtures: &[String]) -> Vec<String> {
    let folders = |id: &&str| match *id {
        "generic" => vec!["generic-html".to_owned(), "generic-json".to_owned()],
        id => vec![id.to_owned()],
    };
    let is_bare = |folder: &String| {
        let inside: Vec<&String> =
            fixtures.iter().filter(|path| path.starts_with(&format!("tests/fixtures/intake/{folder}/"))).collect();
        let expected = inside.iter().filter(|path| path.ends_with(".expect.json")).count();
        expected == 0 || expected == inside.len()
    };
    let bare = providers.iter().flat_map(folders).filter(is_bare);
    bare.map(|folder| format!("tests/fixtures/intake/{folder} holds no payload with its expectation")).collect()
}

/// Bans that do not say why: in `clippy.toml` each names its reason, in `deny.toml` each follows a comment.
pub fn bans_without_reason(clippy: &str, deny: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in clippy.lines().filter(|line| line.trim_start().starts_with("{ path")) {
        if line.split_once("reason = \"").is_none_or(|(_, why)| why.len() <= 10) {
            found.push(format!("clippy.toml: {} has no reason", line.trim()));
        }
    }
    let bans = deny.split_once("[bans]").map_or("", |(_, rest)| rest.split("\n[").next().unwrap_or(rest));
    let lines: Vec<&str> = bans.lines().map(str::trim).collect();
    for pair in lines.windows(2) {
        if pair[1].starts_with("{ crate") && !(pair[0].starts_with('#') || pair[0].starts_with("{ crate")) {
            found.push(format!("deny.toml: {} has no reason", pair[1]));
        }
    }
    found
}

#[test]
fn orphaned_snapshots_are_found() {
    let code = "#[test]\nfn the_page_is_drawn() {}\ninsta::assert_snapshot!(\"today\", x);";
    let source = |path: &str| (path == "tests/it/a.rs").then(|| code.to_owned());
    let judge = |file: &str, from: &str| orphaned(file, &format!("---\nsource: {from}\n---\n"), &source).is_some();

    assert!(judge("tests/it/snapshots/it__a__gone.snap", "tests/it/a.rs"));
    assert!(judge("tests/it/snapshots/it__a__today.snap", "tests/it/gone.rs"));
    assert!(judge("tests/it/snapshots/it__a__today.snap", ""));
    assert!(!judge("tests/it/snapshots/it__a__today.snap", "tests/it/a.rs"));
    assert!(!judge("tests/it/snapshots/it__a__the_page_is_drawn.snap", "tests/it/a.rs"));
    assert!(!judge("tests/it/snapshots/it__a__the_page_is_drawn-2.snap", "tests/it/a.rs"));
}

#[test]
fn edited_migrations_are_found() {
    let (path, _) = RELEASED[0];

    let changed = edited(&[(path.to_owned(), "CREATE TABLE other (id TEXT);".to_owned())]);
    assert_eq!(changed.iter().filter(|complaint| complaint.contains("was edited")).count(), 1);
    assert_eq!(edited(&[]).len(), RELEASED.len());
    let twins = ["migrations/sqlite/0009_a.sql", "migrations/sqlite/0009_b.sql"].map(|p| (p.to_owned(), String::new()));
    assert!(edited(&twins).iter().any(|complaint| complaint.contains("0009")));
}

#[test]
fn providers_without_fixtures_are_found() {
    let fixtures = |names: &[&str]| names.iter().map(|n| format!("tests/fixtures/intake/{n}")).collect::<Vec<_>>();

    assert_eq!(without_fixtures(&["tally"], &fixtures(&["other/a.json", "other/a.expect.json"])).len(), 1);
    assert_eq!(without_fixtures(&["tally"], &fixtures(&["tally/a.json"])).len(), 1);
    assert_eq!(
        without_fixtures(&["generic"], &fixtures(&["generic-html/a.form", "generic-html/a.expect.json"])).len(),
        1
    );
    assert!(without_fixtures(&["tally"], &fixtures(&["tally/a.json", "tally/a.expect.json"])).is_empty());
}

#[test]
fn bans_without_a_reason_are_found() {
    let clippy =
        "disallowed-methods = [\n  { path = \"a::b\" },\n  { path = \"a::c\", reason = \"because it lies\" },\n]";
    let deny = "[bans]\ndeny = [\n  { crate = \"x\" },\n  # It is old.\n  { crate = \"y\" },\n]\n\n[sources]\n";

    assert_eq!(bans_without_reason(clippy, deny).len(), 2);
}
