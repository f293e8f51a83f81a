//! Durability, proven on the real program: killed at random, cut off from power, out of disk, with a failing disk.
//!
//! A test target of its own, since it takes arguments: `cargo test --test crash -- --kills 200 --seed 7`. Words without
//! dashes choose trials by name, as usual. What this machine does not allow is said in words and counted, never
//! passed over. `--control PROGRAM` runs the two trials of syncing against a program built with the feature
//! `unsafe-normal-sync-for-the-control-run` and succeeds only if both fail there: it shows that they are not blind.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a trial that cannot go on should stop where it stands")]

mod args;
mod client;
mod disk;
mod house;
mod images;
mod kills;
mod load;
mod order;
mod reconcile;
mod recording;
#[expect(dead_code, reason = "shared with the other tests, which use all of it")]
mod support;

use args::Args;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

/// How a trial ended that did not fail.
pub enum Verdict {
    /// With these figures.
    Passed(String),
    /// Not at all, for this reason.
    Skipped(String),
}

/// A trial: a sentence, and what proves it.
type Trial = (&'static str, fn(&Args) -> Verdict);

const TRIALS: [Trial; 6] = [
    ("a_program_killed_at_any_moment_loses_and_doubles_nothing", kills::by_force),
    ("a_program_told_to_stop_finishes_what_it_began", kills::politely),
    ("no_answer_leaves_before_its_commit_is_synced", order::trial),
    ("a_power_cut_at_any_moment_loses_nothing_that_was_answered", images::trial),
    ("a_disk_that_fails_to_sync_ends_the_program_and_nothing_unstored_was_answered", disk::failing),
    ("a_full_disk_turns_leads_away_in_words_and_room_brings_them_back", disk::full),
];

fn main() -> ExitCode {
    let args = Args::from_command_line();
    let chosen: Vec<Trial> = TRIALS.into_iter().filter(|(name, _)| args.chooses(name)).collect();
    if args.list {
        chosen.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    if args.control.is_some() {
        return control(&args);
    }
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (name, trial) in &chosen {
        match std::panic::catch_unwind(AssertUnwindSafe(|| trial(&args))) {
            Ok(Verdict::Passed(figures)) => {
                passed += 1;
                println!("ok       {name}\n         {figures}");
            }
            Ok(Verdict::Skipped(why)) => {
                skipped += 1;
                println!("skipped  {name}\n         {why}");
            }
            Err(_) => {
                failed += 1;
                println!(
                    "FAILED   {name}\n         again with: cargo test --test crash -- {name} --seed {}",
                    args.seed
                );
            }
        }
    }
    let left_out = TRIALS.len() - chosen.len();
    println!("\n{passed} passed, {failed} failed ({skipped} skipped, {left_out} not chosen; seed {})", args.seed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The trials of syncing must notice a program that does not sync.
fn control(args: &Args) -> ExitCode {
    let (mut passed, mut failed) = (0, 0);
    for (name, blind) in [("order", order::is_blind as fn(&Args) -> Option<String>), ("images", images::is_blind)] {
        match blind(args) {
            Some(seen) => {
                passed += 1;
                println!("ok       control of {name}: {seen}");
            }
            None => {
                failed += 1;
                println!("FAILED   control of {name}: it did not notice a program that does not sync its commits");
            }
        }
    }
    println!("\n{passed} passed, {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs a trial's story on a runtime of its own.
pub fn block_on<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(story)
}
