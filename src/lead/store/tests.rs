//! What people do with a lead, and what of it is found again.

use super::act::{self, How, Reached, Taken, Who};
use super::read;
use super::sample::{self, harbor, lead};
use super::search::{self, Filter};
use crate::base::clock::MINUTE_MS;
use crate::base::ids::{BusinessId, LeadId};
use crate::db::Db;
use crate::lead::contact::{Email, Phone};
use crate::lead::record::{Answer, Lead};
use crate::lead::state::State;
use std::collections::HashSet;

const T: i64 = 1_764_000_000_000;

fn dave() -> Who {
    Who { name: "Dave".to_owned(), person: Some("dave".into()) }
}

fn ana() -> Who {
    Who { name: "Ana".to_owned(), person: Some("ana".into()) }
}

/// Runs one act on the lead `a` of `harbor` inside the writer.
macro_rules! act {
    ($db:expr, $name:ident $(, $arg:expr)*) => {
        $db.write(move |c| Box::pin(async move { act::$name(c, &harbor(), &"a".into() $(, $arg)*).await })).await.unwrap()
    };
}

async fn a(db: &Db) -> Lead {
    read::one(db.read(), &harbor(), &"a".into()).await.unwrap().unwrap()
}

async fn kinds(db: &Db) -> Vec<String> {
    let events = read::events(db.read(), &harbor(), &"a".into()).await.unwrap();
    events
        .into_iter()
        .map(|e| format!("{} {} {}", e.kind, e.by.unwrap_or_default(), e.detail.unwrap_or_default()))
        .collect()
}

fn ids(leads: &[Lead]) -> Vec<&str> {
    leads.iter().map(|l| l.id.as_str()).collect()
}

#[tokio::test]
async fn a_lead_comes_back_as_it_was_stored() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    let mut stored = lead("a", T);
    stored.fields = vec![Answer { label: "Budget".to_owned(), value: "< $500".to_owned() }];
    stored.permission = serde_json::from_str(r#"{"given":true,"field":"sms_ok","words":"yes"}"#).unwrap();

    sample::store(&db, vec![stored.clone()]).await;

    assert_eq!(a(&db).await, stored);
}

#[tokio::test]
async fn another_business_finds_nothing_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![lead("a", T)]).await;
    let rival: BusinessId = "rival".into();
    let id: LeadId = "a".into();
    let before = sample::everything(&db).await;

    assert_eq!(read::one(db.read(), &rival, &id).await.unwrap(), None);
    assert!(read::events(db.read(), &rival, &id).await.unwrap().is_empty());
    assert!(read::waiting(db.read(), &rival, 9).await.unwrap().is_empty());
    assert!(read::latest(db.read(), &rival, 9).await.unwrap().is_empty());
    let refused = db
        .write(move |c| {
            Box::pin(async move {
                let who = Who { name: "Rita".to_owned(), person: Some("rita".into()) };
                Ok([
                    act::take(c, &rival, &id, &who, true, T).await?.is_none(),
                    act::hand_back(c, &rival, &id, &who, T).await?.is_none(),
                    act::person(c, &rival, &id, &who, How::Call, T, T).await?.is_none(),
                    act::reached(c, &rival, &id, &who, Reached::Talked, T).await?.is_none(),
                    act::outcome(c, &rival, &id, "lost", &who, T).await?.is_none(),
                    act::reopen(c, &rival, &id, &who, T).await?.is_none(),
                    act::not_spam(c, &rival, &id, &who, T).await?.is_none(),
                ])
            })
        })
        .await
        .unwrap();

    assert_eq!(refused, [true; 7]);
    assert_eq!(sample::everything(&db).await, before);
}

#[tokio::test]
async fn who_was_first_is_told_to_whoever_was_second() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![lead("a", T)]).await;

    let first = act!(db, take, &ana(), false, T + 5);
    let again = act!(db, take, &ana(), false, T + 6);
    let second = act!(db, take, &dave(), false, T + 7);

    assert_eq!((first, again), (Some(Taken::You), Some(Taken::You)));
    assert_eq!(second, Some(Taken::AlreadyBy { name: "Ana".to_owned(), at: T + 5 }));
    assert_eq!(kinds(&db).await, ["taken Ana "]);
    assert_eq!(a(&db).await.state, State::Taken);
}

#[tokio::test]
async fn taking_it_anyway_changes_whose_it_is_and_not_when_it_was_taken() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![lead("a", T)]).await;
    act!(db, take, &ana(), false, T + 5);

    act!(db, take, &dave(), true, T + 9);

    let lead = a(&db).await;
    let holder = lead.held_by.unwrap();
    assert_eq!(lead.clocks.taken_at, Some(T + 5));
    assert_eq!((holder.name.as_str(), holder.since), ("Dave", T + 9));
}

#[tokio::test]
async fn a_lead_that_is_handed_back_waits_again_and_only_its_holder_can_do_that() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![lead("a", T)]).await;
    act!(db, take, &ana(), false, T + 5);

    assert_eq!(act!(db, hand_back, &dave(), T + 6), Some(false));
    assert_eq!(act!(db, hand_back, &ana(), T + 7), Some(true));
    assert_eq!(act!(db, hand_back, &ana(), T + 8), Some(false));

    let lead = a(&db).await;
    assert_eq!((lead.state, lead.clocks.taken_at, lead.held_by), (State::Waiting, None, None));
    assert_eq!(kinds(&db).await, ["taken Ana ", "handed_back Ana "]);
}

#[tokio::test]
async fn a_take_is_not_an_answer_and_the_first_call_is() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![lead("a", T)]).await;

    act!(db, take, &dave(), false, T + 1);
    assert_eq!(a(&db).await.clocks.person_at, None);
    let first = act!(db, person, &dave(), How::Call, T + 9_000, T + 9_000);
    let double_tap = act!(db, person, &dave(), How::Call, T + 9_400, T + 9_400);

    assert_eq!((first, double_tap), (Some(T + 9_000), Some(T + 9_000)));
    let lead = a(&db).await;
    assert_eq!((lead.state, lead.clocks.person_at), (State::Answered, Some(T + 9_000)));
    assert_eq!(kinds(&db).await, ["taken Dave ", "person Dave call"]);
}

#[tokio::test]
async fn a_call_that_is_told_of_later_counts_from_when_it_was_made_but_never_before_the_lead_or_after_now() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![lead("a", T)]).await;
    let now = T + 60 * MINUTE_MS;

    assert_eq!(act!(db, person, &dave(), How::Said, now + MINUTE_MS, now), Some(now));
    assert_eq!(act!(db, person, &dave(), How::Said, T + 10 * MINUTE_MS, now), Some(T + 10 * MINUTE_MS));
    assert_eq!(act!(db, person, &dave(), How::Said, T - MINUTE_MS, now), Some(T));
    assert_eq!(act!(db, person, &dave(), How::Call, now, now), Some(T));

    assert_eq!(a(&db).await.clocks.person_at, Some(T));
}

#[tokio::test]
async fn whoever_says_how_the_call_went_has_called() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![lead("a", T)]).await;

    act!(db, reached, &dave(), Reached::NoAnswer, T + 10);
    assert_eq!(a(&db).await.clocks.reached_at, None);
    act!(db, reached, &dave(), Reached::Talked, T + 20);
    act!(db, reached, &dave(), Reached::Talked, T + 30);

    let lead = a(&db).await;
    assert_eq!((lead.clocks.person_at, lead.clocks.reached_at), (Some(T + 10), Some(T + 20)));
    assert_eq!(kinds(&db).await, ["person Dave said", "reached Dave no_answer", "reached Dave talked"]);
}

#[tokio::test]
async fn an_outcome_closes_once_and_may_be_corrected_or_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![lead("a", T)]).await;
    act!(db, take, &ana(), false, T + 1);

    assert_eq!(act!(db, outcome, "murdered", &dave(), T + 2), Some(false));
    act!(db, outcome, "lost", &dave(), T + 3);
    act!(db, outcome, "lost", &dave(), T + 4);
    act!(db, outcome, "booked", &dave(), T + 5);
    let closed = a(&db).await;
    assert_eq!(act!(db, take, &dave(), true, T + 6), Some(Taken::Closed));
    act!(db, reopen, &dave(), T + 7);
    act!(db, reopen, &dave(), T + 8);

    assert_eq!((closed.state, closed.clocks.closed_at), (State::Closed, Some(T + 3)));
    assert_eq!(closed.outcome.as_deref(), Some("booked"));
    let open = a(&db).await;
    assert_eq!((open.state, open.clocks.closed_at, open.outcome), (State::Taken, None, None));
    assert_eq!(kinds(&db).await, ["taken Ana ", "outcome Dave lost", "outcome Dave booked", "reopened Dave "]);
}

#[tokio::test]
async fn a_call_after_the_end_is_counted_and_leaves_the_lead_closed() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![lead("a", T)]).await;
    act!(db, outcome, "lost", &dave(), T + 3);

    act!(db, person, &dave(), How::Call, T + 9, T + 9);

    let lead = a(&db).await;
    assert_eq!((lead.state, lead.clocks.person_at), (State::Closed, Some(T + 9)));
}

#[tokio::test]
async fn spam_that_was_none_counts_again_and_says_so_once() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![Lead { is_spam: true, ..lead("a", T) }]).await;

    act!(db, not_spam, &dave(), T + 1);
    act!(db, not_spam, &dave(), T + 2);

    assert!(a(&db).await.is_real());
    assert_eq!(kinds(&db).await, ["not_spam Dave "]);
}

fn shelf() -> Vec<Lead> {
    let mut leads = vec![
        Lead { state: State::Closed, outcome: Some("booked".to_owned()), ..lead("closed1", T) },
        Lead { state: State::Answered, ..lead("answered2", T + 2) },
        lead("waiting3", T + 3),
        Lead { is_test: true, ..lead("test4", T + 4) },
        Lead { is_spam: true, ..lead("spam5", T + 5) },
        Lead { state: State::Taken, source: "ads".into(), ..lead("taken6", T + 6) },
        Lead { business: "rival".into(), source: "other".into(), ..lead("rival7", T + 7) },
    ];
    leads[0].name = Some("100%_sure".to_owned());
    leads[1].email = Some(Email::from_stored("tom@example.com".to_owned()));
    leads[1].phone = Some(Phone::from_stored("+447700900123".to_owned()));
    leads
}

#[tokio::test]
async fn lists_put_those_who_wait_first_and_then_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, shelf()).await;

    let page = search::waiting_first(db.read(), &harbor(), &Filter::default(), None, 50).await.unwrap();
    let newest = search::newest(db.read(), Some(&harbor()), &Filter::default(), None, 50).await.unwrap();
    let of_all = search::newest(db.read(), None, &Filter::default(), None, 2).await.unwrap();

    assert_eq!(ids(&page.leads), ["taken6", "waiting3", "test4", "answered2", "closed1"]);
    assert_eq!(ids(&newest.leads), ["taken6", "test4", "waiting3", "answered2", "closed1"]);
    assert_eq!(ids(&of_all.leads), ["rival7", "taken6"]);
    assert_eq!((page.next, newest.next), (None, None));
    assert_eq!(ids(&read::waiting(db.read(), &harbor(), 9).await.unwrap()), ["waiting3", "taken6"]);
    assert_eq!(read::waiting_count(db.read(), &harbor()).await.unwrap(), 2);
    assert_eq!(ids(&read::latest(db.read(), &harbor(), 2).await.unwrap()), ["taken6", "test4"]);
}

#[tokio::test]
async fn filters_keep_what_their_chip_counts() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, shelf()).await;
    let list = async |filter: Filter| {
        let page = search::waiting_first(db.read(), &harbor(), &filter, None, 50).await.unwrap();
        page.leads.iter().map(|l| l.id.to_string()).collect::<Vec<_>>()
    };

    let waiting = list(Filter { waiting: true, ..Filter::default() }).await;
    let booked = list(Filter { outcome: Some("booked".to_owned()), ..Filter::default() }).await;
    let spam = list(Filter { spam: true, ..Filter::default() }).await;
    let ads = list(Filter { source: Some("ads".into()), ..Filter::default() }).await;
    let answered = list(Filter { state: Some(State::Answered), ..Filter::default() }).await;
    let since = list(Filter { since: Some(T + 4), ..Filter::default() }).await;

    assert_eq!(waiting, ["taken6", "waiting3"]);
    assert_eq!((booked, spam), (vec!["closed1".to_owned()], vec!["spam5".to_owned()]));
    assert_eq!((ads, answered), (vec!["taken6".to_owned()], vec!["answered2".to_owned()]));
    assert_eq!(since, ["taken6", "test4"]);
    let counts = search::counts(db.read(), &harbor()).await.unwrap();
    assert_eq!((counts.waiting, counts.all, counts.answered), (2, 5, 1));
    assert_eq!((counts.booked, counts.lost, counts.spam), (1, 0, 1));
}

#[tokio::test]
async fn a_search_looks_at_name_number_address_and_message() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, shelf()).await;
    let find = async |text: &str| {
        let filter = Filter { text: text.to_owned(), ..Filter::default() };
        let page = search::waiting_first(db.read(), &harbor(), &filter, None, 50).await.unwrap();
        page.leads.iter().map(|l| l.id.to_string()).collect::<Vec<_>>()
    };

    assert_eq!(find("0%_S").await, ["closed1"]);
    assert!(find("1_0").await.is_empty(), "a wildcard is a plain character");
    assert_eq!(find("TOM@").await, ["answered2"]);
    assert_eq!(find("07700 900-123").await, ["answered2"]);
    assert_eq!(find("kitchen").await.len(), 5);
    assert!(find("' OR 1=1 --").await.is_empty());
}

#[tokio::test]
async fn leafing_through_shows_every_lead_once_even_when_new_ones_arrive() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    let leads = (0..23).map(|n| Lead {
        state: if n % 3 == 0 { State::Waiting } else { State::Answered },
        ..lead(&format!("l{n:02}"), T + i64::from(n / 4))
    });
    sample::store(&db, leads.collect()).await;

    let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = search::waiting_first(db.read(), &harbor(), &Filter::default(), cursor.as_ref(), 4).await.unwrap();
        seen.extend(page.leads.iter().map(|l| l.id.to_string()));
        sample::store(&db, vec![lead(&format!("late{pages}"), T + 1_000)]).await;
        pages += 1;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }

    assert_eq!(seen.len(), 23);
    assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 23);
    assert_eq!(pages, 6);
}

#[tokio::test]
async fn an_export_walks_all_leads_in_order_of_arrival() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, (0..7).map(|n| lead(&format!("l{n}"), T + n / 3)).collect()).await;

    let (mut seen, mut last): (Vec<String>, Option<Lead>) = (Vec::new(), None);
    loop {
        let after = last.as_ref().map(|l| (l.clocks.received_at, &l.id));
        let rows = read::page_for_export(db.read(), &harbor(), after, 2).await.unwrap();
        seen.extend(rows.iter().map(|l| l.id.to_string()));
        match rows.into_iter().next_back() {
            Some(lead) => last = Some(lead),
            None => break,
        }
    }

    assert_eq!(seen, ["l0", "l1", "l2", "l3", "l4", "l5", "l6"]);
}

#[tokio::test]
async fn a_code_opens_its_lead_for_its_person_and_no_other_code_does() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    sample::store(&db, vec![lead("a", T), Lead { business: "rival".into(), ..lead("r", T) }]).await;
    sample::link(&db, "good", "a", "ana", T + 7).await;
    sample::link(&db, "crossed", "r", "ana", T + 7).await;

    let alerted = read::by_code(db.read(), "good").await.unwrap().unwrap();

    assert_eq!((alerted.lead.id.as_str(), alerted.person_name.as_str(), alerted.expires_at), ("a", "Ana", T + 7));
    assert_eq!(read::by_code(db.read(), "GOOD").await.unwrap(), None);
    assert_eq!(read::by_code(db.read(), "crossed").await.unwrap(), None);
}
