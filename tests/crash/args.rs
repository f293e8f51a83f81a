//! What stands behind `--`. Whatever else a test runner is given is taken without complaint, so that `cargo test NAME`
//! works as everywhere.

use leadbell::base::clock::Clock;
use std::path::PathBuf;

/// Options of the test runner that are followed by a value.
const WITH_VALUE: [&str; 6] = ["--test-threads", "--format", "--color", "--logfile", "--report-time", "-Z"];

/// How to run.
#[derive(Debug)]
pub struct Args {
    /// How often the program is killed.
    pub kills: usize,
    /// How many power cuts are tried in each of the four models.
    pub images: usize,
    /// Where chance begins.
    pub seed: u64,
    /// Names only.
    pub list: bool,
    /// A program built for the control run.
    pub control: Option<PathBuf>,
    words: Vec<String>,
    skip: Vec<String>,
    exact: bool,
    none: bool,
}

impl Args {
    pub fn from_command_line() -> Self {
        let mut args = Args {
            kills: 30,
            images: 40,
            seed: u64::try_from(Clock::system().now_ms()).unwrap(),
            list: false,
            control: None,
            words: Vec::new(),
            skip: Vec::new(),
            exact: false,
            none: false,
        };
        let mut given = std::env::args().skip(1).flat_map(|arg| match arg.split_once('=') {
            Some((name, value)) if name.starts_with("--") => vec![name.to_owned(), value.to_owned()],
            _ => vec![arg],
        });
        while let Some(arg) = given.next() {
            let mut value = || given.next().unwrap_or_else(|| panic!("{arg} needs a value"));
            match arg.as_str() {
                "--kills" => args.kills = value().parse().expect("--kills takes a number"),
                "--images" => args.images = value().parse().expect("--images takes a number"),
                "--seed" => args.seed = value().parse().expect("--seed takes a number"),
                "--control" => args.control = Some(std::fs::canonicalize(value()).expect("--control takes a program")),
                "--skip" => args.skip.push(value()),
                "--list" => args.list = true,
                "--exact" => args.exact = true,
                // None of these is ignored, and none is a benchmark.
                "--ignored" | "--bench" => args.none = true,
                other if WITH_VALUE.contains(&other) => drop(value()),
                other if other.starts_with('-') => {}
                word => args.words.push(word.to_owned()),
            }
        }
        args
    }

    pub fn chooses(&self, name: &str) -> bool {
        let fits = |word: &String| if self.exact { name == word } else { name.contains(word.as_str()) };
        !self.none && (self.words.is_empty() || self.words.iter().any(fits)) && !self.skip.iter().any(fits)
    }
}
