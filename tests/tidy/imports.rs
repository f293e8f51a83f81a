//! Who may import whom: down or left only.
//!
//! `main -> app -> web -> pipeline -> {intake, reply, delivery, stats} -> {lead <- outbox} -> db -> base`

use crate::read::Source;

/// Every part of the house and what it may import. What is not named here may not exist.
const MAY: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("config", &["base"]),
    ("db", &["base"]),
    ("lead", &["db", "base"]),
    ("outbox", &["lead", "db", "base"]),
    // Beside the road: who may come in.
    ("account", &["db", "base"]),
    ("intake", &["outbox", "lead", "db", "base"]),
    ("reply", &["outbox", "lead", "db", "base"]),
    ("delivery", &["outbox", "lead", "db", "base"]),
    ("stats", &["outbox", "lead", "db", "base"]),
    ("pipeline", &["intake", "reply", "delivery", "stats", "outbox", "lead", "db", "base"]),
    // A made-up shop, with the words of the real one.
    ("demo", &["intake", "reply", "delivery", "stats", "outbox", "lead", "db", "base"]),
    ("web", &["account", "pipeline", "intake", "reply", "delivery", "stats", "outbox", "lead", "db", "base"]),
    (
        "app",
        &[
            "web", "demo", "account", "config", "pipeline", "intake", "reply", "delivery", "stats", "outbox", "lead",
            "db", "base",
        ],
    ),
    (
        "commands",
        &[
            "app", "demo", "account", "config", "pipeline", "intake", "reply", "delivery", "stats", "outbox", "lead",
            "db", "base",
        ],
    ),
    ("main", &["app", "commands", "config"]),
    // Declares the parts.
    ("lib", &[]),
];

/// Imports that go up or right.
pub fn wrong_ways(source: &Source) -> Vec<String> {
    let Some(path) = source.below_src() else { return Vec::new() };
    let part = part(path);
    let Some((_, may)) = MAY.iter().find(|(name, _)| *name == part) else {
        return vec![format!("{}: `{part}` has no place in tests/tidy/imports.rs", source.path)];
    };
    let wrong =
        imported(path, &source.code).into_iter().filter(|other| other != part && !may.contains(&other.as_str()));
    wrong.map(|other| format!("{}: {part} may not import {other}", source.path)).collect()
}

/// The part that a file belongs to: its folder, or its name.
fn part(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// The parts that code names, by `crate::`, by `leadbell::` in the program, and by as many `super::` as lead out.
fn imported(path: &str, code: &str) -> Vec<String> {
    let words: String = code.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ::", "::").replace(":: ", "::");
    let mut found = Vec::new();
    for root in ["crate::", "leadbell::"] {
        for (at, _) in words.match_indices(root) {
            if !words[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == ':') {
                found.extend(first_names(&words[at + root.len()..]));
            }
        }
    }
    let depth = depth(path);
    for (at, _) in words.match_indices("super::") {
        if words[..at].ends_with("super::") {
            continue;
        }
        let ups = words[at..].split("super::").skip(1).take_while(|between| between.is_empty()).count() + 1;
        if ups >= depth {
            found.extend(first_names(&words[at + ups * "super::".len()..]));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// How many `super::` lead from a file to the root.
fn depth(path: &str) -> usize {
    path.trim_end_matches(".rs").trim_end_matches("/mod").split('/').count()
}

/// `lead::{a, b}` names lead; `{lead::{a, b}, db}` names lead and db.
fn first_names(rest: &str) -> Vec<String> {
    let name =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut depth, mut start, mut names) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn imports_up_or_across_are_found_however_they_are_written() {
    let planted = [
        ("src/intake/form.rs", "use crate::reply::plan;", "reply"),
        ("src/stats/rows.rs", "fn f() { crate::delivery::http(); }", "delivery"),
        ("src/lead/record.rs", "use crate::{base::ids, outbox::{message, channel}};", "outbox"),
        ("src/outbox/worker.rs", "use crate::{\n    db,\n    web::{a, b},\n};", "web"),
        ("src/db/open.rs", "use super::super::lead::record;", "lead"),
        ("src/base/mod.rs", "use super::db::Db;", "db"),
        ("src/pipeline/mod.rs", "use crate ::\n web::App;", "web"),
        ("src/reply/words.rs", "/* a */ use crate::account::key;", "account"),
        ("src/main.rs", "use leadbell::lead::record;", "lead"),
        ("src/helpers.rs", "", "no place"),
    ];
    for (path, code, found) in planted {
        let wrong = wrong_ways(&Source::new(path, code, false));

        assert_eq!(wrong.len(), 1, "{path}: {code}: {wrong:?}");
        assert!(wrong[0].contains(found), "{wrong:?}");
    }
}

#[test]
fn imports_down_and_left_are_left_alone() {
    let clean = [
        ("src/intake/form.rs", "use crate::lead::reading; use super::reading;"),
        ("src/outbox/store/claim.rs", "use crate::{base::ids, lead}; use super::super::channel;"),
        ("src/lead/record.rs", "//! See [`crate::outbox`].\nfn f() -> &'static str { \"crate::web\" }"),
        ("src/lead/state.rs", "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::web::sample;\n}\n"),
        ("src/web/mod.rs", "pub mod admin; use crate::account::Doors;"),
    ];
    for (path, code) in clean {
        assert_eq!(wrong_ways(&Source::new(path, code, false)), Vec::<String>::new(), "{path}");
    }
}
