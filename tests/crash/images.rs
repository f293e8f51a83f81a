//! Power cuts: from the recording, the files are built as a disk may hold them after a cut at some moment, in four
//! models of what becomes of writes that were not synced. SQLite opens each, and whatever was answered by then must be
//! there, with its answer and its alert, and with every attempt whose POST had left.

use crate::args::Args;
use crate::house::with_end;
use crate::recording::{self, Answers, Happened, Recording};
use crate::{Verdict, block_on};
use leadbell::base::random::Random;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const SECTOR: usize = 512;

/// What a power cut does to writes that were not synced.
#[derive(Clone, Copy, Debug)]
enum Model {
    Dropped,
    PrefixKept,
    SectorsKept,
    SectorsKeptOrGarbage,
}

const MODELS: [Model; 4] = [Model::Dropped, Model::PrefixKept, Model::SectorsKept, Model::SectorsKeptOrGarbage];

pub fn trial(args: &Args) -> Verdict {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_leadbell"));
    let tally = match block_on(cut_off(program, args)) {
        Ok(tally) => tally,
        Err(why) => return Verdict::Skipped(why),
    };
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    Verdict::Passed(format!(
        "{} images: 0 corrupt, 0 of {} answers lost, 0 of {} attempts forgotten after their POST had left",
        tally.images, tally.answers, tally.attempts
    ))
}

/// What the images say of a program that does not sync; none if they lose nothing.
pub fn is_blind(args: &Args) -> Option<String> {
    let tally = block_on(cut_off(args.control.clone()?, args)).ok()?;
    let (lost, images) = (tally.wrong.len(), tally.images);
    (lost > images / 10).then(|| format!("{lost} of {images} images lost what was answered, and were noticed"))
}

#[derive(Default)]
struct Tally {
    images: usize,
    answers: usize,
    attempts: usize,
    wrong: Vec<String>,
}

/// A file as it surely lies on the disk.
type Durable = BTreeMap<PathBuf, Vec<u8>>;

/// Everything up to a moment.
#[derive(Default)]
struct Moment {
    durable: Durable,
    /// Steps that are not synced, in order.
    pending: Vec<usize>,
    /// How many of them there were when the sync under way began, by file.
    syncing: BTreeMap<PathBuf, usize>,
    answered: BTreeSet<usize>,
    /// (message, attempt) whose POST has left.
    left: BTreeSet<(String, i64)>,
}

async fn cut_off(program: PathBuf, args: &Args) -> Result<Tally, String> {
    let recording = recording::record(program, args.seed).await?;
    let random = Random::seeded(args.seed);
    let first = first_answer(&recording);
    let span = i64::try_from(recording.log.len() - first).unwrap();
    let mut cuts: Vec<usize> = (0..args.images).map(|_| first + usize::try_from(random.up_to(span)).unwrap()).collect();
    cuts.sort_unstable();
    let (mut moment, mut answers, mut tally) = (Moment::default(), Answers::default(), Tally::default());
    let mut done = 0;
    for cut in cuts {
        for step in done..cut {
            moment.happens(step, &recording.log, &mut answers);
        }
        done = cut;
        for model in MODELS {
            tally.images += 1;
            tally.answers += moment.answered.len();
            tally.attempts += moment.left.len();
            let image = moment.after(model, &recording.log, &random);
            if let Err(what) = open(&recording, &image, &moment).await {
                tally.wrong.push(format!("cut at step {cut}, {model:?}: {what}"));
            }
        }
    }
    Ok(tally)
}

fn first_answer(recording: &Recording) -> usize {
    let mut answers = Answers::default();
    let mut is_first = |happened: &Happened| match happened {
        Happened::Got { socket, bytes } => {
            answers.got(*socket, bytes);
            false
        }
        Happened::Sent { socket, bytes } => answers.sent(*socket, bytes).is_some(),
        _ => false,
    };
    recording.log.iter().position(&mut is_first).expect("an answer in the recording")
}

impl Moment {
    fn happens(&mut self, step: usize, log: &[Happened], answers: &mut Answers) {
        match &log[step] {
            Happened::Wrote { .. } | Happened::Cut { .. } | Happened::Removed(_) => self.pending.push(step),
            Happened::Syncing(file) => drop(self.syncing.insert(file.clone(), self.pending.len())),
            Happened::Synced(file) => self.sync(file, log),
            Happened::Got { socket, bytes } => answers.got(*socket, bytes),
            Happened::Sent { socket, bytes } => {
                self.answered.extend(answers.sent(*socket, bytes));
                self.left.extend(attempt(bytes));
            }
        }
    }

    /// What was pending for this file when its sync began is durable now.
    fn sync(&mut self, file: &Path, log: &[Happened]) {
        let until = self.syncing.remove(file).unwrap_or(0);
        let (mut index, durable) = (0, &mut self.durable);
        self.pending.retain(|step| {
            let covered = index < until && touches(&log[*step], file);
            index += 1;
            if covered {
                apply(durable, &log[*step]);
            }
            !covered
        });
        // Another sync under way counts what is left.
        self.syncing.values_mut().for_each(|begun| *begun = (*begun).min(self.pending.len()));
    }

    fn after(&self, model: Model, log: &[Happened], random: &Random) -> Durable {
        let mut image = self.durable.clone();
        let most = i64::try_from(self.pending.len()).unwrap();
        let kept = usize::try_from(random.up_to(most)).unwrap();
        match model {
            Model::Dropped => {}
            Model::PrefixKept => self.pending[..kept].iter().for_each(|step| apply(&mut image, &log[*step])),
            Model::SectorsKept | Model::SectorsKeptOrGarbage => {
                let garbage = matches!(model, Model::SectorsKeptOrGarbage);
                self.pending.iter().for_each(|step| scatter(&mut image, &log[*step], garbage, random));
            }
        }
        image
    }
}

fn touches(happened: &Happened, path: &Path) -> bool {
    match happened {
        Happened::Wrote { file, .. } | Happened::Cut { file, .. } | Happened::Removed(file) => file == path,
        _ => false,
    }
}

fn apply(files: &mut Durable, happened: &Happened) {
    match happened {
        Happened::Wrote { file, offset, bytes } => put(files, file, usize::try_from(*offset).unwrap(), bytes),
        Happened::Cut { file, length } => {
            files.entry(file.clone()).or_default().resize(usize::try_from(*length).unwrap(), 0);
        }
        Happened::Removed(file) => drop(files.remove(file)),
        _ => {}
    }
}

fn put(files: &mut Durable, file: &Path, at: usize, bytes: &[u8]) {
    let content = files.entry(file.to_owned()).or_default();
    if content.len() < at + bytes.len() {
        content.resize(at + bytes.len(), 0);
    }
    content[at..at + bytes.len()].copy_from_slice(bytes);
}

/// Each sector of a write is kept, lost, or (in that model) turned into garbage; anything else is done or not.
fn scatter(files: &mut Durable, happened: &Happened, garbage: bool, random: &Random) {
    let Happened::Wrote { file, offset, bytes } = happened else {
        if random.up_to(1) == 0 {
            apply(files, happened);
        }
        return;
    };
    let start = usize::try_from(*offset).unwrap();
    let mut at = 0;
    while at < bytes.len() {
        let next = bytes.len().min(at + SECTOR - (start + at) % SECTOR);
        match random.up_to(if garbage { 2 } else { 1 }) {
            0 => {}
            1 => put(files, file, start + at, &bytes[at..next]),
            _ => {
                let mut noise = vec![0; next - at];
                random.fill(&mut noise);
                put(files, file, start + at, &noise);
            }
        }
        at = next;
    }
}

/// The attempt that a POST to the vendor makes: its callback address names it.
fn attempt(bytes: &[u8]) -> Option<(String, i64)> {
    let text = String::from_utf8_lossy(bytes);
    let (_, mark) = text.split_once("twilio%2Fstatus%3Fm%3D")?;
    let mut parts = mark.split('.');
    Some((parts.next()?.to_owned(), parts.next()?.parse().ok()?))
}

/// Opens an image as the program would, and looks for what must be there.
async fn open(recording: &Recording, image: &Durable, moment: &Moment) -> Result<(), String> {
    let copy = recording.house.scratch("image.db");
    for end in ["", "-wal", "-shm"] {
        let _none = std::fs::remove_file(with_end(&copy, end));
        if let Some(content) = image.get(&with_end(&recording.database, end)) {
            std::fs::write(with_end(&copy, end), content).unwrap();
        }
    }
    let failed = |what: sqlx::Error| format!("cannot be read: {what}");
    let mut connection = SqliteConnectOptions::new().filename(&copy).connect().await.map_err(failed)?;
    let verdict: Vec<(String,)> =
        sqlx::query_as("PRAGMA integrity_check").fetch_all(&mut connection).await.map_err(failed)?;
    let leads: Vec<(String, i64)> = sqlx::query_as(
        "SELECT COALESCE(l.message, ''), (SELECT count(DISTINCT o.purpose) FROM outbox o WHERE o.lead_id = l.id) FROM lead l \
         JOIN receipt r ON r.lead_id = l.id",
    )
    .fetch_all(&mut connection)
    .await
    .map_err(failed)?;
    let attempts: BTreeSet<(String, i64)> = sqlx::query_as("SELECT message_id, n FROM attempt")
        .fetch_all(&mut connection)
        .await
        .map_err(failed)?
        .into_iter()
        .collect();
    connection.close().await.map_err(failed)?;
    if verdict[0].0 != "ok" {
        return Err(format!("corrupt: {}", verdict[0].0));
    }
    let whole: BTreeSet<usize> = leads
        .iter()
        .filter(|(_, purposes)| *purposes >= 2)
        .filter_map(|(message, _)| crate::load::find_mark(message.as_bytes()))
        .collect();
    if whole.len() != leads.len() {
        return Err("a lead without its answer or its alert".to_owned());
    }
    let lost = moment.answered.difference(&whole).count();
    let forgotten = moment.left.difference(&attempts).count();
    if lost + forgotten > 0 {
        return Err(format!("{lost} of {} answered leads lost, {forgotten} attempts forgotten", moment.answered.len()));
    }
    Ok(())
}
