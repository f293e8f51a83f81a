//! What may only stand in its own place, and what may stand nowhere.

use crate::read::Source;

/// Crates and the folders that may name them.
const HOMES: &[(&str, &[&str])] =
    &[("axum", &["web/", "app.rs"]), ("reqwest", &["delivery/"]), ("lettre", &["delivery/"])];

/// The most lines of a file.
pub const MOST_LINES: usize = 400;

/// Crates outside their homes.
pub fn strayed_crates(source: &Source) -> Vec<String> {
    let Some(path) = source.below_src() else { return Vec::new() };
    let strayed = HOMES
        .iter()
        .filter(|(name, homes)| !homes.iter().any(|home| path.starts_with(home)) && names_crate(&source.code, name));
    strayed.map(|(name, homes)| format!("{}: {name} stays in {homes:?}", source.path)).collect()
}

fn names_crate(code: &str, name: &str) -> bool {
    let part_of_a_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let after = code[at + name.len()..].trim_start();
        !code[..at].ends_with(part_of_a_word)
            && (after.starts_with("::") || after.starts_with("as ") || after.starts_with(';'))
    })
}

/// Queries outside `db`, `store` files and folders, receipts, `stats`, and `account`, which keeps its own few rows.
pub fn strayed_queries(source: &Source) -> Vec<String> {
    let Some(path) = source.below_src() else { return Vec::new() };
    let at_home =
        ["db/", "stats/", "account/", "lead/receipts.rs", "lead/opt_outs.rs"].iter().any(|home| path.starts_with(home))
            || path.ends_with("/store.rs")
            || path.contains("/store/");
    let asks = ["sqlx::query", "QueryBuilder", "query_as(", "query_scalar(", "sqlx::raw_sql"];
    let found = asks.iter().filter(|word| !at_home && source.code.contains(*word));
    found.map(|word| format!("{}: {word} belongs into a store file", source.path)).collect()
}

/// SQL that is put together from values: `format!` as what a query or a builder is given.
pub fn composed_queries(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let code = if source.below_src().is_some() { &source.code } else { &source.tests };
    let builds = code.contains("QueryBuilder");
    for call in ["query(", "query_as(", "query_scalar(", "raw_sql(", "QueryBuilder::<Sqlite>::new(", "sql.push("] {
        for (at, _) in code.match_indices(call) {
            let given = argument(&code[at + call.len()..]);
            if given.contains("format!") || (builds && call == "sql.push(" && given.contains("to_string")) {
                found.push(format!("{}: {call}{given}) is composed; bind the values", source.path));
            }
        }
    }
    found
}

/// What stands between a call's brackets.
fn argument(rest: &str) -> &str {
    let mut depth = 0;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return &rest[..at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    rest
}

/// A file that does not say at its head what it is for.
pub fn headless(source: &Source) -> Vec<String> {
    let says =
        source.text.strip_prefix("//! ").is_some_and(|head| head.lines().next().is_some_and(|line| line.len() > 10));
    if says { Vec::new() } else { vec![format!("{}: opens without //!", source.path)] }
}

/// A file that is too long. What is compiled for tests only may be longer.
pub fn too_long(source: &Source) -> Vec<String> {
    let lines = source.text.lines().count();
    let only_tests = source.below_src().is_some() && source.code.is_empty();
    if lines <= MOST_LINES || only_tests {
        return Vec::new();
    }
    vec![format!("{}: {lines} lines; past {MOST_LINES}, look for the next station", source.path)]
}

/// Ways to stop the program, outside tests. `expect` is for what cannot fail, and then the code can say so otherwise.
pub fn panics(source: &Source) -> Vec<String> {
    let words = [".unwrap()", ".expect(", ".unwrap_err()", ".expect_err("];
    let found = words.iter().filter(|word| source.below_src().is_some() && source.code.contains(*word));
    found.map(|word| format!("{}: {word} outside tests", source.path)).collect()
}

/// Tests that wait for the wall clock, or that do not run.
pub fn idle_tests(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    // The crash trial paces a load on a real process by the real clock; everything else has a clock of its own.
    let on_real_time = source.path.starts_with("tests/crash/");
    if source.tests.contains(concat!("sle", "ep(")) && !on_real_time {
        found.push(format!("{}: a test that sleeps", source.path));
    }
    if source.text.contains(concat!("#[ign", "ore")) {
        found.push(format!("{}: a test that never runs", source.path));
    }
    found
}

#[cfg(test)]
mod planted {
    use super::*;

    type Rule = fn(&Source) -> Vec<String>;

    fn finds(rule: Rule, path: &str, text: &str) -> bool {
        !rule(&Source::new(path, text, !path.starts_with("src/"))).is_empty()
    }

    #[test]
    fn crates_outside_their_homes_are_found() {
        assert!(finds(strayed_crates, "src/lead/record.rs", "use axum::Json;"));
        assert!(finds(strayed_crates, "src/app.rs", "fn f() { reqwest::get(); }"));
        assert!(finds(strayed_crates, "src/lead/contact/email.rs", "use lettre as mail;"));
        assert!(!finds(strayed_crates, "src/web/mod.rs", "use axum::Router;"));
        assert!(!finds(strayed_crates, "src/lead/record.rs", "//! axum::Json\nlet s = \"axum::Json\"; my_axum::f();"));
    }

    #[test]
    fn queries_outside_the_stores_are_found() {
        assert!(finds(strayed_queries, "src/web/health.rs", "sqlx::query(\"SELECT 1\")"));
        assert!(finds(strayed_queries, "src/pipeline/road.rs", "QueryBuilder::<Sqlite>::new(\"\")"));
        assert!(!finds(strayed_queries, "src/lead/store/read.rs", "sqlx::query(\"SELECT 1\")"));
        assert!(!finds(strayed_queries, "src/commands/store.rs", "sqlx::query(\"SELECT 1\")"));
        assert!(!finds(strayed_queries, "src/web/error.rs", "fn f(e: sqlx::Error) {}"));
    }

    #[test]
    fn composed_queries_are_found() {
        assert!(finds(composed_queries, "src/db/a.rs", "sqlx::query(&format!(\"SELECT {x}\")).execute(c)"));
        assert!(finds(composed_queries, "src/db/a.rs", "sqlx::query_as(\n  AssertSqlSafe(format!(\"a\")))"));
        assert!(finds(composed_queries, "src/db/a.rs", "QueryBuilder; sql.push(format!(\"{id}\"));"));
        assert!(finds(composed_queries, "tests/it/a.rs", "sqlx::query(&format!(\"SELECT {x}\"))"));
        assert!(!finds(composed_queries, "src/db/a.rs", "sqlx::query(\"SELECT (1)\").bind(format!(\"{x}%\"))"));
    }

    #[test]
    fn files_without_a_head_and_long_files_are_found() {
        assert!(finds(headless, "src/a.rs", "use std::fs;\n"));
        assert!(finds(headless, "src/a.rs", "//!\nuse std::fs;\n"));
        assert!(!finds(headless, "src/a.rs", "//! What this is for.\n"));
        assert!(finds(too_long, "src/a.rs", &"//! A line.\n".repeat(MOST_LINES + 1).replace("//!", "fn a() {} //")));
        assert!(!finds(too_long, "src/a.rs", &"fn a() {}\n".repeat(MOST_LINES)));
    }

    #[test]
    fn stops_and_idle_tests_are_found() {
        assert!(finds(panics, "src/a.rs", "fn f() { x.unwrap(); }"));
        assert!(finds(panics, "src/a.rs", "fn f() { x\n.expect(\"y\"); }"));
        assert!(!finds(
            panics,
            "src/a.rs",
            "#[expect(x)]\nfn f() {}\n#[cfg(test)]\nmod tests { fn f() { x.unwrap(); } }"
        ));
        let sleeps = format!("#[cfg(test)]\nmod tests {{ fn f() {{ sle{}(one); }} }}", "ep");
        assert!(finds(idle_tests, "src/a.rs", &sleeps));
        assert!(finds(idle_tests, "tests/it/a.rs", &format!("thread::sle{}(d)", "ep")));
        assert!(finds(idle_tests, "tests/it/a.rs", &format!("#[ign{}]\nfn a() {{}}", "ore")));
        assert!(!finds(idle_tests, "src/a.rs", &format!("fn f() {{ sle{}(one); }}", "ep")));
    }
}
