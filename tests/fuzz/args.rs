//! What stands behind `--`. Options of the test runner that mean nothing here are taken without complaint, so that
//! `cargo test NAME` works as everywhere.

use leadbell::base::clock::Clock;
use std::time::Duration;

/// Options of the test runner that are followed by a value.
const WITH_VALUE: [&str; 6] = ["--test-threads", "--format", "--color", "--logfile", "--report-time", "-Z"];
/// Where chance begins in a plain `cargo test`: a change that touches nothing must not turn it red.
const PLAIN_SEED: u64 = 1;

/// How to run.
#[derive(Debug)]
pub struct Args {
    /// Made-up inputs for each target; none = the few that each target asks for itself.
    pub inputs: Option<u64>,
    /// Each target ends with its share of this time, however many inputs it has had.
    pub time: Option<Duration>,
    /// Each target goes on from where earlier runs left it, until it has had so many made-up inputs in all.
    pub until: Option<u64>,
    /// This one input and no other.
    pub file: Option<Vec<u8>>,
    /// The number of the first input.
    pub from: u64,
    /// Where chance begins.
    pub seed: u64,
    /// Names only.
    pub list: bool,
    words: Vec<String>,
    exact: bool,
    none: bool,
}

impl Args {
    pub fn from_command_line() -> Self {
        let mut seed = None;
        let mut args = Args {
            inputs: None,
            time: None,
            until: None,
            file: None,
            from: 0,
            seed: PLAIN_SEED,
            list: false,
            words: Vec::new(),
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
                "--inputs" => args.inputs = Some(value().parse().expect("--inputs takes a number")),
                "--seconds" => {
                    args.time = Some(Duration::from_secs(value().parse().expect("--seconds takes a number")))
                }
                "--until" => args.until = Some(value().parse().expect("--until takes a number")),
                "--file" => args.file = Some(std::fs::read(value()).expect("--file takes an input")),
                "--from" => args.from = value().parse().expect("--from takes a number"),
                "--seed" => seed = Some(value().parse().expect("--seed takes a number")),
                "--target" => args.words.push(value()),
                "--list" => args.list = true,
                "--exact" => args.exact = true,
                "--skip" => drop(value()),
                // None of these is ignored, and none is a benchmark.
                "--ignored" | "--bench" => args.none = true,
                other if WITH_VALUE.contains(&other) => drop(value()),
                other if other.starts_with('-') => {}
                word => args.words.push(word.to_owned()),
            }
        }
        let is_long = args.inputs.is_some() || args.time.is_some() || args.until.is_some();
        let by_clock = || if is_long { u64::try_from(Clock::system().now_ms()).unwrap() } else { PLAIN_SEED };
        args.seed = seed.unwrap_or_else(by_clock);
        args
    }

    pub fn chooses(&self, name: &str) -> bool {
        let fits = |word: &String| if self.exact { name == word } else { name.contains(word.as_str()) };
        !self.none && (self.words.is_empty() || self.words.iter().any(fits))
    }
}
