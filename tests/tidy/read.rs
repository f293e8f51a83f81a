//! The repository as the rules see it: files with their paths, and code without comments, words and tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// One file of Rust.
pub struct Source {
    /// From the root of the repository, with `/`.
    pub path: String,
    /// As it is.
    pub text: String,
    /// Without comments and the insides of strings, and without what is compiled for tests only.
    pub code: String,
    /// The rest: what is compiled for tests only, without comments and the insides of strings.
    pub tests: String,
}

impl Source {
    /// `only_tests`: the whole file is compiled for tests only.
    pub fn new(path: &str, text: &str, only_tests: bool) -> Self {
        let bare = bare(text);
        let (code, tests) = if only_tests { (String::new(), bare) } else { apart(&bare) };
        Source { path: path.to_owned(), text: text.to_owned(), code, tests }
    }

    /// The path below `src/`, or nothing.
    pub fn below_src(&self) -> Option<&str> {
        self.path.strip_prefix("src/")
    }
}

/// Takes the modules out that are written out for tests only. `mod tests;` is a file of its own.
fn apart(bare: &str) -> (String, String) {
    let written_out = |at: &usize| {
        let item = bare[*at..].lines().nth(1).unwrap_or("");
        item.contains("mod ") && item.contains('{') && !item.starts_with(' ')
    };
    let (mut code, mut tests, mut from) = (String::new(), String::new(), 0);
    for at in bare.match_indices("#[cfg(test)]\n").map(|(at, _)| at).filter(written_out) {
        let end = at + body_end(&bare[at..]);
        code.push_str(&bare[from..at]);
        tests.push_str(&bare[at..end]);
        from = end;
    }
    code.push_str(&bare[from..]);
    (code, tests)
}

/// Where the first pair of braces closes.
fn body_end(bare: &str) -> usize {
    let mut depth = 0;
    for (at, c) in bare.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    bare.len()
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below these folders whose names end so, sorted.
pub fn paths(folders: &[&str], ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), ending, &mut found);
    }
    found.sort();
    found.iter().map(|path| path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/")).collect()
}

/// The same with their texts.
pub fn files(folders: &[&str], ending: &str) -> Vec<(String, String)> {
    let read = |path: String| {
        let text = fs::read_to_string(root().join(&path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        (path, text)
    };
    paths(folders, ending).into_iter().map(read).collect()
}

fn walk(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, ending, found);
        } else if path.to_str().is_some_and(|name| name.ends_with(ending)) {
            found.push(path);
        }
    }
}

/// All Rust of the program and its tests, read once.
pub fn sources() -> &'static [Source] {
    static ALL: OnceLock<Vec<Source>> = OnceLock::new();
    ALL.get_or_init(read_sources)
}

fn read_sources() -> Vec<Source> {
    let all = files(&["src", "tests", "benches"], ".rs");
    let only_tests: Vec<String> = all.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let is_test = |path: &str| {
        !path.starts_with("src/")
            || only_tests.iter().any(|module| path == format!("{module}.rs") || path.starts_with(&format!("{module}/")))
    };
    all.iter().map(|(path, text)| Source::new(path, text, is_test(path))).collect()
}

/// The modules that a file declares for tests only, as paths without their ending.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let folder = match path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix("/lib.rs")) {
        Some(folder) => folder.to_owned(),
        None => path.trim_end_matches(".rs").to_owned(),
    };
    let lines: Vec<&str> = text.lines().collect();
    let declared = lines.windows(2).filter(|pair| pair[0].trim() == "#[cfg(test)]").filter_map(|pair| {
        let (_, name) = pair[1].trim().strip_suffix(';')?.split_once("mod ")?;
        Some(format!("{folder}/{name}"))
    });
    declared.collect()
}

/// Code without comments and without the insides of strings and characters; lines stay where they are.
pub fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (kept, skipped) = match c {
            '/' if rest.starts_with("//") => (0, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (0, rest.find("*/").map_or(rest.len(), |end| end + 2)),
            '"' => (1, string(rest)),
            'r' if raw(rest).is_some() && !out.ends_with(|c: char| c.is_alphanumeric() || c == '_') => {
                (0, raw(rest).unwrap_or(1))
            }
            '\'' => (1, character(rest)),
            _ => (c.len_utf8(), c.len_utf8()),
        };
        out.push_str(&rest[..kept]);
        out.extend(rest[kept..skipped].chars().filter(|c| *c == '\n'));
        if skipped > kept && c == '"' {
            out.push('"');
        }
        rest = &rest[skipped..];
    }
    out
}

/// The length of a string with its quotes.
fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a raw string, if this is one.
fn raw(rest: &str) -> Option<usize> {
    let hashes = rest[1..].chars().take_while(|c| *c == '#').count();
    let inside = rest[1 + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(2 + hashes + inside.find(&end)? + end.len())
}

/// The length of a character with its quotes; one for a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, _))) => rest[at + 1..].find('\'').map_or(1, |end| at + 2 + end),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

#[test]
fn words_and_comments_are_not_code_and_everything_else_is() {
    let text = concat!(
        "let a = \"// no \\\" crate::x\"; // crate::y\n",
        "let b = '\"'; let c: &'static str = r#\"a \"quoted\" crate::z\"#;\n",
        "/* crate::w\n */ let d = '\\''; crate::real(\"\");\n",
    );

    let code = bare(text);

    assert_eq!(code.lines().count(), 4);
    assert_eq!(code.matches("crate::").count(), 1, "{code}");
    assert!(code.contains("crate::real(\"\");") && code.contains("&'static str"), "{code}");
}

#[test]
fn only_modules_that_are_written_out_for_tests_are_no_code() {
    let text = "#[cfg(test)]\nmod tests;\nfn a() {}\n#[cfg(test)]\npub mod b {\n    fn c() { {} }\n}\nfn d() {}\n";
    let source = Source::new("src/a.rs", text, false);

    assert!(source.code.contains("fn a()") && source.code.contains("fn d()") && !source.code.contains("pub mod b"));
    assert!(source.tests.contains("fn c()") && !source.tests.contains("fn d()"));
    assert_eq!(test_modules("src/web/mod.rs", "#[cfg(test)]\npub mod sample;\nmod live;\n"), ["src/web/sample"]);
}
