//! The disk itself: a sync that fails, and no room left.

use crate::args::Args;
use crate::client;
use crate::house::{House, Running};
use crate::load::{self, Ledger, Sent, find_mark, mark};
use crate::{Verdict, block_on, recording};
use leadbell::base::random::Random;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// Which sync of the log fails: during the start, with the first lead, and in the middle of the work.
const FAILING: [u32; 8] = [1, 3, 6, 9, 14, 20, 28, 36];
/// Leads sent towards it, and from how many senders at once.
const LEADS: usize = 200;
const AT_ONCE: usize = 8;

pub fn failing(args: &Args) -> Verdict {
    let (mut in_service, mut answered) = (0, 0);
    for (nth, sync) in FAILING.into_iter().enumerate() {
        let seed = args.seed + u64::try_from(nth).unwrap();
        match block_on(one_failing_sync(seed, sync)) {
            Ok(None) => {}
            Ok(Some(promised)) => {
                in_service += 1;
                answered += promised;
            }
            Err(why) => return Verdict::Skipped(why),
        }
    }
    assert!(in_service >= 3, "only {in_service} of the failures came while leads were taken in");
    Verdict::Passed(format!(
        "{} failing syncs, {in_service} of them in service: status 1 each time, {answered} leads answered before, all of them stored",
        FAILING.len()
    ))
}

/// How many leads were answered before it; none when it already failed at the start.
async fn one_failing_sync(seed: u64, nth: u32) -> Result<Option<usize>, String> {
    let random = Arc::new(Random::seeded(seed));
    let house = Arc::new(House::build(PathBuf::from(env!("CARGO_BIN_EXE_leadbell")), &random).await);
    let library = recording::recorder(&house)?;
    let mut command = recording::recorded(&house, &library, &house.scratch("recording"));
    command.env("RECORDER_FAIL_SYNC", nth.to_string());
    let mut running = house.start_as(command);
    let started = running.ready_unless_ended().await.is_some();
    let ledger = if started { load::burst(&house, &random, 0..LEADS, AT_ONCE).await } else { Ledger::default() };
    let status = running.ended().await;
    assert_eq!(status.code(), Some(1), "sync {nth}: {}", house.complaints());
    assert!(ledger.promised.len() < LEADS, "sync {nth} failed, and every lead was answered all the same");
    let complaints = house.complaints();
    assert!(!started || complaints.contains("the disk failed"), "{complaints}");
    assert_eq!(house.integrity().await, "ok", "sync {nth}");
    let mut again = house.start();
    again.ready().await;
    let stored = marks_stored(&house).await;
    let lost: Vec<String> = ledger.promised.keys().filter(|n| !stored.contains(n)).map(|n| mark(*n)).collect();
    assert_eq!(lost, Vec::<String>::new(), "sync {nth} failed; these were answered and are not there");
    again.stop().await;
    Ok(started.then_some(ledger.promised.len()))
}

async fn marks_stored(house: &House) -> BTreeSet<usize> {
    let mut reader = house.reader().await;
    let messages: Vec<String> =
        sqlx::query_scalar("SELECT COALESCE(message, '') FROM lead").fetch_all(&mut reader).await.unwrap();
    messages.iter().filter_map(|message| find_mark(message.as_bytes())).collect()
}

/// The size of the small disk, whose reserve is small as well.
const DISK: &str = "48m";
/// So little is left at first, in bytes: less than new leads need.
const ALMOST_NOTHING: u64 = 6 << 20;
/// How long the program may take to notice that there is room again.
const RECOVERY: Duration = Duration::from_secs(5);
const ALERT: Duration = Duration::from_secs(60);

pub fn full(args: &Args) -> Verdict {
    block_on(async {
        let random = Random::seeded(args.seed);
        let house = House::build(PathBuf::from(env!("CARGO_BIN_EXE_leadbell")), &random).await;
        let token = house.ask(&["token", "add", "crash"])["token"].as_str().unwrap().to_owned();
        let mut running = match on_a_small_disk(&house) {
            Ok(running) => running,
            Err(why) => return Verdict::Skipped(why),
        };
        running.ready().await;
        let inside = PathBuf::from(format!("/proc/{}/root{}", running.child.id(), house.data().display()));
        let mut story = Story { house: &house, random, next: 0, promised: BTreeSet::new() };
        for _ in 0..20 {
            assert!(story.post().await, "a lead was turned away while there was room");
        }
        // First so far that new leads must wait while what is in can still be sent; then to the last byte.
        let filler = inside.join("filler");
        let nearly = fill(&filler, room(&inside) - ALMOST_NOTHING);
        story.until_turned_away().await;
        told(&house).await;
        let filled = nearly + fill(&inside.join("filler-2"), u64::MAX);
        let turned_away = story.until_turned_away().await;
        assert!(turned_away.head.contains("retry-after: "), "{}", turned_away.head);
        let ready = client::get(house.address, "/readyz").await.unwrap();
        assert!(ready.status == 503 && ready.body.contains("disk"), "{ready:?}");
        std::fs::remove_file(&filler).unwrap();
        let began = house.clock.mono_ms();
        while !story.post().await {
            assert!(house.clock.mono_ms() - began < i64::try_from(RECOVERY.as_millis()).unwrap(), "still turned away");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let back = house.clock.mono_ms() - began;
        running.ready().await;
        let stored = story.listed(&token).await;
        let lost: Vec<&usize> = story.promised.difference(&stored).collect();
        assert!(lost.is_empty(), "answered and not there: {lost:?}");
        let (status, _) = running.stop().await;
        assert!(status.success(), "{status}: {}", house.complaints());
        Verdict::Passed(format!(
            "{DISK} disk filled with {} MB: {} leads answered, 0 lost; the owner was told; leads again {back} ms after there was room",
            filled >> 20,
            story.promised.len()
        ))
    })
}

struct Story<'a> {
    house: &'a House,
    random: Random,
    next: usize,
    promised: BTreeSet<usize>,
}

impl Story<'_> {
    /// Posts a new lead; whether it was promised.
    async fn post(&mut self) -> bool {
        let sent = Sent::new(self.next, &self.random);
        self.next += 1;
        let promised = sent.post(self.house.address, [&self.house.by_text, &self.house.by_mail]).await.is_ok();
        if promised {
            self.promised.insert(sent.number);
        }
        promised
    }

    async fn until_turned_away(&mut self) -> client::Answer {
        for _ in 0..2_000 {
            if self.post().await {
                continue;
            }
            let form = ("content-type", "application/x-www-form-urlencoded");
            let answer = client::post(self.house.address, &self.house.by_text, &[form], "phone=5122000000&message=Hi")
                .await
                .unwrap();
            if answer.status == 503 {
                return answer;
            }
        }
        panic!("the disk is full, and every lead was answered");
    }

    /// The leads that the API shows.
    async fn listed(&self, token: &str) -> BTreeSet<usize> {
        let bearer = format!("Bearer {token}");
        let (mut found, mut cursor) = (BTreeSet::new(), String::new());
        loop {
            let path = format!("/api/v1/leads?limit=500{cursor}");
            let answer = client::get_with(self.house.address, &path, &[("authorization", &bearer)]).await.unwrap();
            let page: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            found.extend(load::all_marks(answer.body.as_bytes()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }
}

/// Writes so many bytes, or until nothing more fits; how many it was.
fn fill(path: &Path, most: u64) -> u64 {
    let mut file = File::create(path).unwrap();
    let mut written = 0;
    while written < most && file.write_all(&[7; 4_096]).is_ok() {
        written += 4_096;
    }
    written
}

fn room(folder: &Path) -> u64 {
    leadbell::db::disk::free(folder).unwrap()
}

async fn told(house: &House) {
    let telling = async {
        while !house.twilio.accepted().iter().any(|text| text.body.contains("disk") && text.body.contains("is full")) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(ALERT, telling).await;
    assert!(in_time.is_ok(), "the owner was not told within a minute: {}", house.complaints());
}

/// Starts the program in a mount namespace of its own, with its data on a small disk in memory. Goes away with it.
fn on_a_small_disk(house: &House) -> Result<Running, String> {
    let stage = house.scratch("stage");
    std::fs::rename(house.data(), &stage).unwrap();
    std::fs::create_dir(house.data()).unwrap();
    let mut allowed = Command::new("unshare");
    allowed.args(["--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs none \"$0\""]).arg(house.data());
    if !allowed.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        return Err("this machine lets nobody mount a small disk (unshare --user --mount, mount -t tmpfs)".to_owned());
    }
    let script = format!("mount -t tmpfs -o size={DISK} none \"$0\" && cp -a \"$1\"/. \"$0\" && exec \"$2\"");
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]);
    command.arg(house.data()).arg(&stage).arg(&house.program);
    Ok(house.start_as(house.dressed(command)))
}
