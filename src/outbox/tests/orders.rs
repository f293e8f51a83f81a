//! Random orders of what can happen to one lead (STOP, START, boxes, an unsubscription, nights, outages, the
//! owner's presses), against a vendor who knows what was in force at each moment: nothing reaches them that must not.

use super::bench::{Act, Bench};
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::base::random::Random;
use crate::lead::store::{inbound, sample};
use crate::outbox::channel::Medium;
use crate::outbox::gate::{MARKETING, UNSUBSCRIBED};
use crate::outbox::message::{Draft, Purpose};
use crate::outbox::store::{recover, unsubscribe};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

const MARIA: &str = "+15125550142";
const MARIA_MAIL: &str = "maria@example.com";
const ORDERS: u64 = 30;
const STEPS: usize = 30;

/// What is in force, as the lead would tell it.
#[derive(Default)]
struct World {
    stopped: bool,
    silenced: bool,
    no_texts: bool,
    no_mails: bool,
    wants_offers: bool,
    is_down: bool,
    /// What the owner sends all the same.
    pressed: BTreeSet<String>,
    /// On which day each automatic text was first handed over.
    days: BTreeMap<String, i64>,
    sent: usize,
}

impl World {
    /// What is wrong with a hand-over at this moment.
    fn objects(&self, id: &str, by_text: bool, now: i64) -> Option<&'static str> {
        let by_itself = !id.starts_with("relay");
        let pressed = self.pressed.contains(id);
        let hour = Timestamp::from_millisecond(now).unwrap().in_tz("America/Chicago").unwrap().hour();
        let table = [
            (by_text && self.stopped, "a text after STOP"),
            (!by_text && self.no_mails && by_itself, "a mail after they unsubscribed"),
            (by_text && self.no_texts && by_itself, "a text without consent"),
            (id.starts_with("offer") && !self.wants_offers, "marketing without consent"),
            (by_text && self.silenced && by_itself && !pressed, "a text by itself after they asked for silence"),
            (
                by_text && !id.starts_with("relay") && !id.starts_with("reply") && !pressed && !(9..20).contains(&hour),
                "a follow-up at night",
            ),
        ];
        table.into_iter().find_map(|(wrong, what)| wrong.then_some(what))
    }
}

fn message(bench: &Bench, n: usize, random: &Random) -> Draft {
    let (word, purpose) = match random.up_to(6) {
        0 => ("relay", Purpose::Relay),
        1 => ("reply", Purpose::LeadReply),
        2 | 3 => ("offer", Purpose::FollowUp),
        _ => ("follow", Purpose::FollowUp),
    };
    let by_mail = purpose != Purpose::Relay && random.up_to(3) == 0;
    let (medium, to) = if by_mail { (Medium::Mail, MARIA_MAIL) } else { (Medium::Sms, MARIA) };
    let id = format!("{word}{n:03}");
    let mut draft = bench.draft(&id, purpose, medium, to, Some("a"));
    draft.step = format!("{}{id}", if word == "offer" { MARKETING } else { "follow:" });
    if purpose != Purpose::Relay {
        draft.due_at += random.up_to(30 * HOUR_MS);
        draft.expires_at = draft.due_at + DAY_MS;
    }
    draft
}

async fn happens(bench: &Bench, world: &Arc<Mutex<World>>, random: &Random, step: usize) {
    let now = bench.clock.now_ms();
    let set = |change: fn(&mut World)| change(&mut world.lock().unwrap());
    match random.up_to(15) {
        0 => {
            bench
                .db
                .write(move |c| Box::pin(async move { inbound::opt_out(c, MARIA, None, "STOP", now).await }))
                .await
                .unwrap();
            set(|w| w.stopped = true);
        }
        1 => {
            bench.db.write(move |c| Box::pin(async move { inbound::opt_in(c, MARIA, None).await })).await.unwrap();
            set(|w| (w.stopped, w.silenced) = (false, false));
        }
        2 => {
            bench
                .db
                .write(move |c| Box::pin(async move { inbound::pause(c, "harbor", MARIA, now).await }))
                .await
                .unwrap();
            set(|w| w.silenced = true);
        }
        3 => {
            boxed(bench, "UPDATE lead SET consent = '{\"given\":false,\"field\":\"sms\",\"words\":\"\"}'").await;
            set(|w| w.no_texts = true);
        }
        4 => {
            boxed(bench, "UPDATE lead SET consent = '{\"given\":true,\"field\":\"sms\",\"words\":\"\"}'").await;
            set(|w| w.no_texts = false);
        }
        5 => {
            boxed(bench, "UPDATE lead SET marketing = '{\"given\":true,\"field\":\"news\",\"words\":\"\"}'").await;
            set(|w| w.wants_offers = true);
        }
        6 => {
            boxed(bench, "UPDATE lead SET marketing = '{\"given\":false,\"field\":\"news\",\"words\":\"\"}'").await;
            set(|w| w.wants_offers = false);
        }
        7 => ends_mails(bench, world, now).await,
        8 => set(|w| w.is_down = !w.is_down),
        9 => presses(bench, world, now).await,
        10 => {
            let keeps = random.up_to(9) * 10 * MINUTE_MS;
            bench.pass(u64::try_from(keeps / 1_000).unwrap(), 300).await;
        }
        _ => bench.plan(vec![message(bench, step, random)]).await,
    }
}

async fn boxed(bench: &Bench, sql: &'static str) {
    bench.db.write(move |c| Box::pin(async move { sqlx::query(sql).execute(c).await.map(drop) })).await.unwrap();
}

/// The link in a mail that came is pressed.
async fn ends_mails(bench: &Bench, world: &Arc<Mutex<World>>, now: i64) {
    let came =
        bench.mail.truth().taken.iter().find(|mail| !mail.message.starts_with("reply")).map(|m| m.message.clone());
    let Some(came) = came else { return };
    let id = came.as_str().into();
    bench
        .db
        .write(move |c| Box::pin(async move { unsubscribe::unsubscribe(c, &id, UNSUBSCRIBED, now).await }))
        .await
        .unwrap();
    world.lock().unwrap().no_mails = true;
}

/// The owner sends all the same whatever is held or failed.
async fn presses(bench: &Bench, world: &Arc<Mutex<World>>, now: i64) {
    let sql = "SELECT id FROM outbox WHERE state IN ('held', 'failed', 'expired') LIMIT 3";
    let held: Vec<String> = sqlx::query_scalar(sql).fetch_all(bench.db.read()).await.unwrap();
    for id in held {
        world.lock().unwrap().pressed.insert(id.clone());
        bench.db.write(move |c| Box::pin(async move { recover::release(c, "harbor", &id, now).await })).await.unwrap();
    }
}

#[tokio::test]
async fn no_order_of_events_lets_a_message_through_that_must_not_go() {
    let mut sent = 0;
    for seed in 0..ORDERS {
        let bench = Bench::open(true, seed, None).await;
        sample::store(&bench.db, vec![sample::lead("a", bench.clock.now_ms())]).await;
        boxed(&bench, "UPDATE lead SET email = 'maria@example.com', first_text_at = 1").await;
        let (world, wrong) = (Arc::new(Mutex::new(World::default())), Arc::new(Mutex::new(Vec::new())));
        for (vendor, by_text) in [(&bench.sms, true), (&bench.mail, false)] {
            let (world, wrong, clock) = (Arc::clone(&world), Arc::clone(&wrong), bench.clock.clone());
            vendor.does(move |message| {
                let (now, mut world) = (clock.now_ms(), world.lock().unwrap());
                world.sent += 1;
                let id = message.id.as_str();
                if let Some(what) = world.objects(id, by_text, now) {
                    wrong.lock().unwrap().push(format!("{id}: {what}"));
                }
                if by_text && !id.starts_with("relay") && !world.pressed.contains(id) {
                    world.days.entry(id.to_owned()).or_insert(now.div_euclid(DAY_MS));
                }
                if world.is_down { Act::Down } else { Act::Take }
            });
        }
        let random = Random::seeded(seed ^ 0xfeed);

        for step in 0..STEPS {
            happens(&bench, &world, &random, step).await;
            bench.run().await;
        }
        world.lock().unwrap().is_down = false;
        bench.pass(36 * 3_600, 3_600).await;

        assert_eq!(*wrong.lock().unwrap(), Vec::<String>::new(), "seed {seed}");
        let world = world.lock().unwrap();
        let mut by_day: BTreeMap<i64, usize> = BTreeMap::new();
        world.days.values().for_each(|day| *by_day.entry(*day).or_default() += 1);
        assert!(by_day.values().all(|texts| *texts <= 2), "above the cap of a day, seed {seed}: {:?}", world.days);
        sent += world.sent;
    }
    assert!(sent > 100, "the orders let something through: {sent}");
}
