//! What is done now and then while the house stands: look at the disk, tell of trouble, keep the log short, sweep what
//! has run out, ask vendors for what their events left out and for texts that were missed.

use crate::account::{link, session};
use crate::base::keys::Keys;
use crate::db::disk::Standing;
use crate::db::sweep::STEP;
use crate::db::upkeep::{LOG_ALARM, LOG_TOO_LONG, log_bytes};
use crate::db::{Db, WriteError};
use crate::lead::fetch::store as questions;
use crate::lead::store::forget as kept;
use crate::lead::store::sweep as leads;
use crate::outbox::store::sweep as outbox;
use crate::pipeline::forget;
use crate::web::{App, House};
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often the disk is looked at; room must bring leads back within five seconds.
const LOOK: Duration = Duration::from_secs(1);
/// How often it is looked whose turn it is to be told of a lead that waits.
const HAND_ON: Duration = Duration::from_secs(1);
/// How often trouble is told.
const TELL: Duration = Duration::from_secs(5);
/// How often the log is looked at: a backup reads for some seconds, and that is no trouble.
const CUT: Duration = Duration::from_secs(60);
/// How often is looked for texts that no callback brought; also at start.
const LISTEN: Duration = Duration::from_secs(300);
/// How often what has run out is swept; also at start.
const SWEEP: Duration = Duration::from_secs(3_600);
/// Between two steps of sweeping, for whoever waits for the writer.
const BREATH: Duration = Duration::from_millis(20);

/// Goes on until told to stop.
pub async fn run(house: App, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        _ = async { tokio::join!(look(&house), hand_on(&house), tell(&house), cut(&house), sweep(&house), fetch(&house), hear(&house), hooks(&house)) } => {}
    }
}

fn every(period: Duration) -> Interval {
    let mut beat = interval(period);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

async fn look(house: &App) {
    let (mut beat, mut told) = (every(LOOK), Standing::Fine);
    loop {
        beat.tick().await;
        told = look_at_disk(house, told).await;
    }
}

async fn hand_on(house: &App) {
    let mut beat = every(HAND_ON);
    loop {
        beat.tick().await;
        hand_leads_on(house).await;
    }
}

async fn hand_leads_on(house: &House) {
    if let Err(error) = house.engine.pipeline.hand_on().await {
        tracing::error!(%error, "could not hand leads on to the next person; trying again");
    }
}

async fn tell(house: &App) {
    let mut beat = every(TELL);
    loop {
        beat.tick().await;
        tell_of_trouble(house).await;
    }
}

/// One round of handing on and of telling, as tests with a clock of their own have it done.
pub async fn round(house: &House) {
    hand_leads_on(house).await;
    if let Err(error) = house.engine.pipeline.plan_hooks().await {
        tracing::error!(%error, "could not plan what hooks are told; trying again");
    }
    tell_of_trouble(house).await;
}

async fn tell_of_trouble(house: &House) {
    if let Err(error) = house.engine.pipeline.tell_of_hooks().await {
        tracing::error!(%error, "could not tell the owner of hooks that do not answer; trying again");
    }
    if let Err(error) = house.engine.pipeline.tell_of_trouble().await {
        tracing::error!(%error, "could not tell the owner of messages that did not go; trying again");
    }
    if let Err(error) = forget::what_has_ended(&house.db, &house.keys).await {
        tracing::error!(%error, "could not forget messages that were under way; trying again");
    }
    if let Err(error) = house.engine.pipeline.end_forgotten_calls().await {
        tracing::error!(%error, "could not look after calls whose end nobody told; trying again");
    }
    if let Err(error) = house.engine.pipeline.send_reports().await {
        tracing::error!(%error, "could not plan the weekly reports; trying again");
    }
    if let Err(error) = house.engine.pipeline.look_after_sources().await {
        tracing::error!(%error, "could not look how the sources are doing; trying again");
    }
}

async fn hooks(house: &App) {
    let mut beat = every(LOOK);
    loop {
        beat.tick().await;
        if let Err(error) = house.engine.pipeline.plan_hooks().await {
            tracing::error!(%error, "could not plan what hooks are told; trying again");
        }
    }
}

async fn fetch(house: &App) {
    house.engine.pipeline.fetch().await;
}

async fn hear(house: &App) {
    let mut beat = every(LISTEN);
    loop {
        beat.tick().await;
        listen(house).await;
    }
}

/// One look for texts that were missed, as tests with a clock of their own have it done.
pub async fn listen(house: &House) {
    if let Err(error) = house.engine.pipeline.hear_missed().await {
        tracing::error!(%error, "could not take in texts that were missed; trying again");
    }
}

async fn cut(house: &App) {
    let mut beat = every(CUT);
    loop {
        beat.tick().await;
        cut_log(&house.db).await;
    }
}

async fn sweep(house: &App) {
    let mut beat = every(SWEEP);
    loop {
        beat.tick().await;
        sweep_house(house).await;
    }
}

/// One sweep, as tests with a clock of their own have it done: what has run out, what was kept long enough, and copies of
/// the database that are too old.
pub async fn sweep_house(house: &House) {
    let now = house.clock.now_ms();
    if let Err(error) = sweep_all(&house.db, &house.keys, now).await {
        tracing::error!(%error, "could not sweep what has run out; trying again in an hour");
    }
    match house.copies.remove_older(now - forget::KEPT_MS) {
        Ok(gone) if gone.is_empty() => {}
        Ok(gone) => tracing::info!(?gone, "removed copies of the database that are older than 30 days"),
        Err(error) => {
            tracing::warn!(%error, "old copies of the database could not be removed; trying again in an hour")
        }
    }
}

/// Looks at the disk and tells of it, unless that was told already. Returns what has been told.
async fn look_at_disk(house: &App, told: Standing) -> Standing {
    let now = house.db.disk().look();
    if std::mem::discriminant(&now) == std::mem::discriminant(&told) {
        return told;
    }
    match house.engine.pipeline.tell_of_disk(now).await {
        Ok(_) => now,
        Err(error) => {
            tracing::error!(%error, "could not tell the owner that the disk fills up; trying again");
            told
        }
    }
}

async fn cut_log(db: &Db) {
    if let Err(error) = db.cut_log_longer_than(LOG_TOO_LONG).await {
        tracing::warn!(%error, "the database's log could not be cut; trying again");
    }
    let bytes = log_bytes(db.path());
    if bytes > LOG_ALARM {
        tracing::error!(bytes, "the database's log grows without end: something reads in it and does not stop");
    }
}

/// Sweeps everything that has run out, in small steps.
///
/// # Errors
/// When the database cannot be read or cannot commit.
async fn sweep_all(db: &Db, keys: &Keys, now: i64) -> Result<(), WriteError> {
    let mut swept = 0;
    loop {
        let step = [
            outbox::budgets(db, now).await?,
            outbox::news(db, now).await?,
            leads::refused_receipts(db, now).await?,
            leads::alert_links(db, now).await?,
            questions::too_late(db, now).await?,
            kept::blank_old_bodies(db, now).await?,
            link::sweep(db, now).await?,
            session::sweep(db, now).await?,
        ];
        swept += step.iter().sum::<usize>();
        if step.iter().all(|n| *n < STEP) {
            break;
        }
        tokio::time::sleep(BREATH).await;
    }
    while forget::those_kept_long_enough(db, keys, now).await? {
        tokio::time::sleep(BREATH).await;
    }
    while db.give_back_pages().await? {
        tokio::time::sleep(BREATH).await;
    }
    tracing::debug!(rows = swept, "swept what has run out");
    Ok(())
}
