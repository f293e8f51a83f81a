//! Strangers' bytes by the million: nothing panics, nothing takes longer than 50 ms, what was read reads the same again.
//!
//! A test target of its own, since it takes arguments: `cargo test --release --test fuzz -- --inputs 10000000 --target
//! vendor-stripe --seed 7`. Without any it tries a few thousand inputs, the same each time. Each target gets first what is
//! kept in the corpus, then inputs that are made from it; each of those follows from the seed, the target's name and its
//! own number alone, so `--from N --inputs 1` tries one again. What fails is written to a file that is to be moved into
//! `tests/fuzz/corpus`; `--file PATH` tries it alone.
//!
//! Time is what the thread worked, where the system tells it, else the wall's, on a machine that others use: an input
//! counts as slow only if it is slow three times. A build without optimisation is given twenty times as long.
//!
//! `--until 10000000` goes on from where earlier runs left each target, as `--seconds` allows, until each has had so many
//! in all. How far each is stands in `target/tmp/fuzz/progress.json`; without that file it begins anew.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a trial that cannot go on should stop where it stands")]

mod args;
mod corpus;
mod mutate;
mod parcel;
mod progress;
mod targets;
mod tokens;
mod trial;

use args::Args;
use corpus::Corpus;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let mut args = Args::from_command_line();
    let corpus = Corpus::read();
    let kept = match args.file.take() {
        Some(input) => {
            args.inputs = Some(0);
            vec![input]
        }
        None => corpus.kept.clone(),
    };
    let kept = Arc::new(kept);
    let mut chosen = targets::all(&corpus);
    chosen.retain(|target| args.chooses(&target.name));
    if args.list {
        chosen.iter().for_each(|target| println!("{}: test", target.name));
        return ExitCode::SUCCESS;
    }
    let mut progress = args.until.map(progress::Progress::read);
    chosen.retain(|target| progress.as_ref().is_none_or(|progress| progress.is_unfinished(&target.name)));
    let share = args.time.map(|time| time / u32::try_from(chosen.len().max(1)).unwrap());
    let (mut passed, mut failed, mut inputs) = (0, 0, 0);
    for target in chosen {
        let plan = trial::Plan { seed: args.seed, from: args.from, inputs: args.inputs, time: share };
        let plan = progress.as_ref().map_or(plan, |progress| progress.plan(&target.name, plan));
        let told = trial::run(target, Arc::clone(&kept), plan);
        inputs += told.inputs;
        println!("{told}");
        if let Some(progress) = &mut progress {
            println!("       {}", progress.keep(&told, plan.seed));
        }
        if told.failures.is_empty() { passed += 1 } else { failed += 1 }
    }
    println!("\n{passed} passed, {failed} failed ({inputs} inputs; seed {})", args.seed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
