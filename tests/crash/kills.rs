//! The program under load, killed again and again at a random moment, or told to stop in the middle of it.

use crate::args::Args;
use crate::house::House;
use crate::load::Load;
use crate::reconcile::{self, Account, Doubles};
use crate::{Verdict, block_on};
use leadbell::app::{self, Options};
use leadbell::base::clock::Clock;
use leadbell::base::random::Random;
use leadbell::delivery::Timeouts;
use leadbell::delivery::guard::Policy;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How many polite stops there are for so many kills.
const KILLS_PER_STOP: usize = 6;
/// A stop may take as long as its longest part, and no longer.
const SLOWEST_STOP_MS: i64 = 25_000;
/// What nearly every start keeps to. A program built without optimisation, on a machine that builds something else
/// beside it, is held to it in the middle only.
const SLOWEST_START_MS: i64 = 2_000;

pub fn by_force(args: &Args) -> Verdict {
    let kills = args.kills;
    block_on(async {
        let (house, random) = house(args.seed).await;
        let load = Load::start(&house, args.seed);
        let mut starts = Vec::new();
        for kill in 1..=kills {
            let mut running = house.start();
            starts.push(running.ready().await);
            life(&random).await;
            running.kill();
            assert_eq!(house.integrity().await, "ok", "after kill {kill}");
        }
        let mut running = house.start();
        starts.push(running.ready().await);
        let ledger = load.finish().await;
        reconcile::quiet(&house).await;
        let (status, _) = running.stop().await;
        assert!(status.success(), "{status}: {}", house.complaints());
        let minutes = time_passes(&house).await;
        let account = reconcile::account(&house, &ledger).await;
        starts.sort_unstable();
        let slowest = starts[(starts.len() * 99).div_ceil(100) - 1];
        let judged = if cfg!(debug_assertions) { starts[starts.len() / 2] } else { slowest };
        assert!(judged <= SLOWEST_START_MS, "starts took too long: {starts:?}");
        let figures = format!(
            "{kills} kills, {account}; ready after {} ms (p99 {slowest}); at rest {minutes} minutes later by the clock",
            starts[starts.len() / 2]
        );
        settle_up(&account, &Doubles::allowed(kills), &figures);
        Verdict::Passed(figures)
    })
}

pub fn politely(args: &Args) -> Verdict {
    let stops = args.kills.div_ceil(KILLS_PER_STOP);
    block_on(async {
        let (house, random) = house(args.seed ^ 1).await;
        let load = Load::start(&house, args.seed ^ 1);
        let mut slowest = 0;
        for stop in 1..=stops {
            let mut running = house.start();
            running.ready().await;
            life(&random).await;
            let (status, took) = running.stop().await;
            assert!(status.success(), "stop {stop}: {status}: {}", house.complaints());
            slowest = slowest.max(took);
            let cut_off =
                reconcile::count(&house, "SELECT count(*) FROM outbox WHERE state IN ('sending', 'unknown')").await;
            assert_eq!(cut_off, 0, "stop {stop} cut sends off though the vendors answered");
            let log = std::fs::metadata(crate::house::with_end(&house.database(), "-wal")).map_or(0, |file| file.len());
            assert_eq!(log, 0, "stop {stop} left its log unfolded");
        }
        let mut running = house.start();
        running.ready().await;
        let ledger = load.finish().await;
        reconcile::quiet(&house).await;
        running.stop().await;
        let account = reconcile::account(&house, &ledger).await;
        let figures = format!("{stops} stops, {account}; slowest stop {slowest} ms");
        assert!(slowest <= SLOWEST_STOP_MS, "{figures}");
        settle_up(&account, &Doubles::none(), &figures);
        Verdict::Passed(figures)
    })
}

async fn house(seed: u64) -> (Arc<House>, Random) {
    let random = Random::seeded(seed);
    let house = House::build(PathBuf::from(env!("CARGO_BIN_EXE_leadbell")), &random).await;
    (Arc::new(house), random)
}

/// How long the program is let live.
async fn life(random: &Random) {
    let ms = 50 + u64::try_from(random.up_to(1_450)).unwrap();
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// What a cut-off send leaves behind is looked up for 80 seconds, or waits ten minutes: instead of waiting, the house
/// is put together once more on the same files, towards the same vendors, with a clock that is moved by hand. Returns
/// how many minutes passed until nothing was open any more.
async fn time_passes(house: &House) -> i64 {
    let clock = Clock::manual(house.clock.now_ms());
    let began = clock.now_ms();
    let public_url = format!("http://{}", house.address);
    let out = || -> Box<dyn std::io::Write + Send> { Box::new(std::io::sink()) };
    let options = Options {
        config: house.config(),
        clock: clock.clone(),
        is_demo: false,
        vendors_at: None,
        texts_within: Timeouts::TEXTS,
        certificates: Arc::default(),
        hooks: Policy::STRICT,
        out,
    };
    let standing = app::assemble(&options, &public_url).await.unwrap();
    let outbox = &standing.house.engine.outbox;
    outbox.recover().await.unwrap();
    loop {
        outbox.run_dry().await.unwrap();
        let passed = clock.now_ms() - began;
        if reconcile::count(house, reconcile::OPEN).await == 0 {
            standing.house.db.clone().close().await;
            return passed / 60_000;
        }
        assert!(passed < 20 * 60_000, "messages were still open after 20 minutes: {}", reconcile::states(house).await);
        clock.advance(Duration::from_secs(10));
    }
}

fn settle_up(account: &Account, allowed: &Doubles, figures: &str) {
    assert!(account.wrong.is_empty(), "{figures}\n{}", account.wrong.join("\n"));
    let have = &account.doubles;
    let few =
        have.owner_texts <= allowed.owner_texts && have.lead_texts <= allowed.lead_texts && have.mails <= allowed.mails;
    assert!(few, "too many doubles: {figures}\n{}", account.tries.join("\n"));
}
