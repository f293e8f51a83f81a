//! One target's inputs, one after the other, on a thread with the stack that a request has; watched, because an input
//! may also never come to its end.

use crate::mutate::spoilt;
use crate::targets::Target;
use leadbell::base::clock::Clock;
use leadbell::base::keys::sha256_hex;
use leadbell::base::random::Random;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Duration;

/// The longest that one input may take, in milliseconds.
const MOST_MS: i64 = if cfg!(debug_assertions) { 1_000 } else { 50 };
/// After so many failures there is no news in further ones.
const FAILURES_MAX: usize = 3;
/// The stack of a thread that serves requests, in bytes.
const STACK: usize = 2 * 1024 * 1024;
/// An input that takes longer than this never ends.
const ENDLESS: Duration = Duration::from_secs(60);

/// What a target is given.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    /// The number of the first input.
    pub from: u64,
    /// How many; none = as many as the target asks for, or as fit in the time.
    pub inputs: Option<u64>,
    pub time: Option<Duration>,
}

/// How it went.
#[derive(Debug, Default)]
pub struct Told {
    pub name: String,
    pub inputs: u64,
    /// The number of the input that would have come next.
    pub next: u64,
    pub ms: i64,
    pub slowest_ms: i64,
    pub failures: Vec<String>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.failures.is_empty() { "ok    " } else { "FAILED" };
        let (inputs, slowest, seconds) = (self.inputs, self.slowest_ms, self.ms / 1_000);
        let a_second = inputs * 1_000 / u64::try_from(self.ms).unwrap_or(0).max(1);
        let name = &self.name;
        write!(f, "{word} {name:<24} {inputs:>9} inputs, slowest {slowest:>3} ms, {seconds} s, {a_second} a second")?;
        self.failures.iter().try_for_each(|failure| write!(f, "\n       {failure}"))
    }
}

/// Runs a target to its end, or to the end of its time.
pub fn run(target: Target, kept: Arc<Vec<Vec<u8>>>, plan: Plan) -> Told {
    let target = Arc::new(target);
    let (at, (done, news)) = (Arc::new(AtomicU64::new(0)), channel());
    let (running, number) = (Arc::clone(&target), Arc::clone(&at));
    let work = move || drop(done.send(all(&running, &kept, plan, &number)));
    let thread = Builder::new().name(target.name.clone()).stack_size(STACK).spawn(work).unwrap();
    let told = watched(&target, plan, &news, &at);
    thread.join().unwrap();
    told
}

/// Waits for the end; an input that has none ends the run.
fn watched(target: &Target, plan: Plan, news: &Receiver<Told>, at: &AtomicU64) -> Told {
    let mut before = u64::MAX;
    loop {
        match news.recv_timeout(ENDLESS) {
            Ok(told) => return told,
            Err(RecvTimeoutError::Disconnected) => panic!("{} ended without a word", target.name),
            Err(RecvTimeoutError::Timeout) => {
                let now = at.load(Ordering::Relaxed);
                if now == before {
                    let file = keep(&target.name, plan.seed, now, &made(target, plan.seed, now));
                    println!("FAILED {}: input {now} (seed {}) never ends; {}", target.name, plan.seed, file.display());
                    std::process::exit(1);
                }
                before = now;
            }
        }
    }
}

fn all(target: &Target, kept: &[Vec<u8>], plan: Plan, at: &AtomicU64) -> Told {
    let clock = Clock::system();
    let started = clock.mono_ms();
    let mut told = Told { name: target.name.clone(), next: plan.from, ..Told::default() };
    for (n, bytes) in kept.iter().enumerate().filter(|_| plan.from == 0) {
        try_one(target, bytes, &clock, &mut told, || format!("{} of what is kept", n + 1));
    }
    let inputs = plan.inputs.unwrap_or(if plan.time.is_some() { u64::MAX } else { target.inputs });
    for number in plan.from..plan.from.saturating_add(inputs) {
        let is_over =
            plan.time.is_some_and(|time| clock.mono_ms() - started > i64::try_from(time.as_millis()).unwrap());
        if is_over || told.failures.len() >= FAILURES_MAX {
            break;
        }
        at.store(number, Ordering::Relaxed);
        told.next = number + 1;
        let bytes = made(target, plan.seed, number);
        try_one(target, &bytes, &clock, &mut told, || {
            format!("{number} of seed {}, {}", plan.seed, keep(&target.name, plan.seed, number, &bytes).display())
        });
    }
    told.ms = clock.mono_ms() - started;
    told
}

/// The input of that number.
fn made(target: &Target, seed: u64, number: u64) -> Vec<u8> {
    let name: u64 =
        target.name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let random = Random::seeded(seed ^ name ^ number.wrapping_mul(0xd134_2543_de82_ef95));
    spoilt(&random, &target.seeds, target.most)
}

fn try_one(target: &Target, bytes: &[u8], clock: &Clock, told: &mut Told, which: impl Fn() -> String) {
    told.inputs += 1;
    let mut fastest = i64::MAX;
    for round in 0..3 {
        // To ask costs as much as many an input takes, so only what seems slow is looked at closely.
        let (before, worked) = (clock.mono_ms(), if round > 0 { worked_ms() } else { None });
        let outcome = catch_unwind(AssertUnwindSafe(|| (target.check)(bytes)));
        let worked = worked.and_then(|before| Some(worked_ms()? - before));
        fastest = fastest.min(worked.unwrap_or(i64::MAX).min(clock.mono_ms() - before));
        if let Err(cause) = outcome {
            let word = cause.downcast_ref::<String>().cloned();
            let word = word.or_else(|| cause.downcast_ref::<&str>().map(|word| (*word).to_owned())).unwrap_or_default();
            let short: String = word.chars().take(600).collect();
            told.failures.push(format!("input {}: {short}", which()));
            return;
        }
        if fastest <= MOST_MS {
            break;
        }
    }
    told.slowest_ms = told.slowest_ms.max(fastest);
    if fastest > MOST_MS {
        told.failures.push(format!("input {}: {fastest} ms for {} bytes", which(), bytes.len()));
    }
}

/// How long this thread has worked so far, in milliseconds, not counting the time in which others had the processor; none
/// where the system does not tell.
fn worked_ms() -> Option<i64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: i64 = told.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1_000_000)
}

/// Writes an input that failed to a file, to be moved into the corpus.
fn keep(target: &str, seed: u64, number: u64, bytes: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    let path = folder.join(format!("{target}-{seed}-{number}-{}", &sha256_hex(bytes)[..8]));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}
