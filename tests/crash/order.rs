//! No answer leaves before its commit is synced: the recording is walked from front to back, and each 200 or 303 to a
//! submission must stand behind the end of a sync of the write-ahead log that began after the lead's commit was written.

use crate::args::Args;
use crate::house::with_end;
use crate::load::all_marks;
use crate::recording::{self, Answers, Happened, Recording};
use crate::{Verdict, block_on};
use std::collections::HashMap;
use std::path::PathBuf;

pub fn trial(args: &Args) -> Verdict {
    let recording = match block_on(recording::record(PathBuf::from(env!("CARGO_BIN_EXE_leadbell")), args.seed)) {
        Ok(recording) => recording,
        Err(why) => return Verdict::Skipped(why),
    };
    let walk = walk(&recording);
    let promised = recording.ledger.promised.len();
    assert_eq!(walk.answers, promised, "every answer must be found in the recording");
    assert_eq!(walk.early, Vec::<usize>::new(), "these leads were answered before their commit was synced");
    Verdict::Passed(format!(
        "{promised} answers, none before its sync; {} commits, {} syncs of the log, {:.2} syncs an answer",
        walk.commits,
        walk.syncs,
        f64::from(u32::try_from(walk.syncs).unwrap()) / f64::from(u32::try_from(promised).unwrap())
    ))
}

/// What the walk says of a program that does not sync; none if it notices nothing.
pub fn is_blind(args: &Args) -> Option<String> {
    let recording = block_on(recording::record(args.control.clone()?, args.seed)).ok()?;
    let walk = walk(&recording);
    let (early, answers) = (walk.early.len(), walk.answers);
    (early > answers / 2)
        .then(|| format!("{early} of {answers} answers left before their commit was synced, and it saw them"))
}

#[derive(Default)]
struct Walk {
    answers: usize,
    commits: usize,
    syncs: usize,
    /// Leads that were answered too early.
    early: Vec<usize>,
}

fn walk(recording: &Recording) -> Walk {
    let log_file = with_end(&recording.database, "-wal");
    let (mut walk, mut answers) = (Walk::default(), Answers::default());
    // Leads by what is known of their commit: its frames are being written, or it was written at this step.
    let (mut in_frames, mut written) = (Vec::new(), HashMap::new());
    let (mut last_frame, mut sync_began, mut durable) = (false, None, None);
    for (step, happened) in recording.log.iter().enumerate() {
        match happened {
            Happened::Wrote { file, bytes, .. } if *file == log_file => {
                if bytes.len() == FRAME_HEADER {
                    last_frame = bytes[4..8] != [0; 4];
                    continue;
                }
                in_frames.extend(all_marks(bytes));
                if std::mem::take(&mut last_frame) {
                    walk.commits += 1;
                    for lead in in_frames.drain(..) {
                        written.entry(lead).or_insert(step);
                    }
                }
            }
            Happened::Syncing(file) if *file == log_file => sync_began = Some(step),
            Happened::Synced(file) if *file == log_file => {
                walk.syncs += 1;
                durable = sync_began;
            }
            Happened::Got { socket, bytes } => answers.got(*socket, bytes),
            Happened::Sent { socket, bytes } => {
                let Some(lead) = answers.sent(*socket, bytes) else { continue };
                walk.answers += 1;
                let is_durable =
                    written.get(&lead).is_some_and(|written| durable.is_some_and(|until| *written < until));
                if !is_durable {
                    walk.early.push(lead);
                }
            }
            _ => {}
        }
    }
    walk
}

/// A frame of the write-ahead log: 24 bytes of header, in them the size of the database if it ends a commit, then the
/// page. SQLite writes the two separately. Source: <https://www.sqlite.org/fileformat2.html#walformat>.
const FRAME_HEADER: usize = 24;
