//! Strangers' bytes by the million: nothing panics, nothing takes longer than 50 ms, what was read reads the same again.
//!
//! A test target of its own, since it takes arguments: `cargo test --release --test fuzz -- --inputs 10000000 --target
//! vendor-stripe --seed 7`. Without any it tries a few thousand inputs, the same each time. Each target gets first what is
//! kept in the corpus, then inputs that are made from it; each of those follows from the seed, the target's name and its
//! own number alone, so `--from N --inputs 1` tries one again. What fails is written to a file that is to be moved into
//! `tests/fuzz/corpus`.
//!
//! Time is the wall's, on a machine that others use: an input counts as slow only if it is slow three times. A build
//! without optimisation is given twenty times as long.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a trial that cannot go on should stop where it stands")]

mod args;
mod corpus;
mod mutate;
mod parcel;
mod targets;
mod tokens;
mod trial;

use args::Args;
use corpus::Corpus;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let args = Args::from_command_line();
    let corpus = Corpus::read();
    let kept = Arc::new(corpus.kept.clone());
    let mut chosen = targets::all(&corpus);
    chosen.retain(|target| args.chooses(&target.name));
    if args.list {
        chosen.iter().for_each(|target| println!("{}: test", target.name));
        return ExitCode::SUCCESS;
    }
    let share = args.time.map(|time| time / u32::try_from(chosen.len().max(1)).unwrap());
    let (mut passed, mut failed, mut inputs) = (0, 0, 0);
    for target in chosen {
        let plan = trial::Plan { seed: args.seed, from: args.from, inputs: args.inputs, time: share };
        let told = trial::run(target, Arc::clone(&kept), plan);
        inputs += told.inputs;
        println!("{told}");
        if told.failures.is_empty() { passed += 1 } else { failed += 1 }
    }
    println!("\n{passed} passed, {failed} failed ({inputs} inputs; seed {})", args.seed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
