//! Who may come in: accounts, passwords, sessions, links, and who must wait.

use super::link::Opens;
use super::session::Fresh;
use super::*;
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::base::random::Random;
use crate::db::Db;
use secrecy::SecretString;

struct House {
    _folder: tempfile::TempDir,
    db: Db,
    random: Random,
    hasher: password::Hasher,
}

const NOW: i64 = 1_800_000_000_000;

async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("t.db")).await.unwrap();
    House { _folder: folder, db, random: Random::seeded(5), hasher: password::Hasher::default() }
}

impl House {
    async fn add(&self, email: &str, password: Option<&str>) -> Result<UserId, AddError> {
        let password = password.map(SecretString::from);
        let new = New { email: email.into(), name: "Dave".into(), password, business_id: None };
        add(&self.db, &self.hasher, &self.random, NOW, new).await
    }

    async fn sign_in(&self, account: &UserId, now: i64) -> Fresh {
        let (fresh, account) = (Fresh::draw(&self.random), account.clone());
        let begun = fresh.clone();
        self.db.write(move |c| Box::pin(async move { session::begin(c, &begun, &account, now).await })).await.unwrap();
        fresh
    }

    async fn is_in(&self, fresh: &Fresh, now: i64) -> bool {
        session::find(&self.db, &fresh.token, now).await.unwrap().is_some()
    }

    async fn use_up(&self, token: &str, now: i64) -> Option<Opens> {
        let token = token.to_owned();
        self.db.write(move |c| Box::pin(async move { link::use_up(c, &token, now).await })).await.unwrap()
    }

    async fn shop(&self, id: &str, slug: &str) -> BusinessId {
        let (id, slug) = (BusinessId::from(id), slug.to_owned());
        let made = id.clone();
        self.db
            .write(move |c| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO business (id, slug, name, timezone, country, created_at)
                         VALUES ($1, $2, 'My business', 'UTC', 'US', 0)",
                    )
                    .bind(id)
                    .bind(slug)
                    .execute(c)
                    .await
                    .map(drop)
                })
            })
            .await
            .unwrap();
        made
    }

    fn answers(&self) -> setup::Answers {
        setup::Answers {
            account: Account {
                id: UserId::new(&self.random, NOW),
                email: "dave@harbor.test".into(),
                name: "Dave".into(),
                business_id: None,
            },
            password_hash: "a hash".into(),
            business: "Harbor Plumbing".into(),
            slug: Some("harbor-plumbing".into()),
            country: "US".into(),
            timezone: "America/Chicago".into(),
            phone: Some("+15125550142".into()),
            spare_ids: ("b-spare".into(), "p-spare".into()),
        }
    }
}

#[tokio::test]
async fn an_address_has_one_sign_in_whatever_its_case() {
    let house = house().await;

    let id = house.add(" Dave@Harbor.TEST ", None).await.unwrap();
    let twice = house.add("dave@harbor.test", None).await;

    let (found, hash) = store::by_email(&house.db, "DAVE@harbor.test").await.unwrap().unwrap();
    assert_eq!((found.id, found.email.as_str(), hash), (id, "dave@harbor.test", None));
    assert!(matches!(twice, Err(AddError::Taken)));
}

#[tokio::test]
async fn what_is_no_address_or_no_password_makes_no_sign_in() {
    let house = house().await;

    for email in
        ["", "dave", "@x.test", "dave@", "a b@x.test", "a@b@x.test", "a@x.test\r\nBcc: y", "<a@x.test>", "a@x."]
    {
        assert!(matches!(house.add(email, None).await, Err(AddError::NotAnAddress(_))), "{email:?}");
    }
    assert!(matches!(house.add("a@x.test", Some("short")).await, Err(AddError::Password(_))));
    assert!(!store::anybody(&house.db).await.unwrap());
}

#[tokio::test]
async fn the_sign_in_of_the_settings_is_made_once_and_then_left_alone() {
    let house = house().await;
    let ensure = async |password: &str| {
        ensure_admin(&house.db, &house.hasher, &house.random, NOW, "Boss@x.test", &password.into()).await.unwrap()
    };

    let first = ensure("the first password").await;
    let second = ensure("another password").await;

    let (_, hash) = store::by_email(&house.db, "boss@x.test").await.unwrap().unwrap();
    assert!(first && !second);
    assert!(house.hasher.is_right(&"the first password".into(), hash.as_deref()).await);
}

#[tokio::test]
async fn a_session_lasts_thirty_days_from_its_last_use_and_ninety_at_most() {
    let house = house().await;
    let id = house.add("a@x.test", None).await.unwrap();
    let fresh = house.sign_in(&id, NOW).await;
    let idle = house.sign_in(&id, NOW).await;

    let mut now = NOW;
    for _ in 0..4 {
        now += 29 * DAY_MS;
        if let Some(session) = session::find(&house.db, &fresh.token, now).await.unwrap() {
            session::touch(&house.db, &session, now).await.unwrap();
        }
    }

    assert!(house.is_in(&idle, NOW + 30 * DAY_MS - 1).await && !house.is_in(&idle, NOW + 30 * DAY_MS).await);
    assert!(house.is_in(&fresh, NOW + 90 * DAY_MS - 1).await && !house.is_in(&fresh, NOW + 90 * DAY_MS).await);
}

#[tokio::test]
async fn use_of_a_session_is_noted_at_most_hourly_and_a_clock_that_runs_back_lengthens_nothing() {
    let house = house().await;
    let id = house.add("a@x.test", None).await.unwrap();
    let fresh = house.sign_in(&id, NOW).await;
    let seen = async |now: i64| {
        let session = session::find(&house.db, &fresh.token, now).await.unwrap().unwrap();
        session::touch(&house.db, &session, now).await.unwrap();
        session::find(&house.db, &fresh.token, now).await.unwrap().unwrap().session.seen_at
    };

    let within = seen(NOW + HOUR_MS - 1).await;
    let after = seen(NOW + HOUR_MS).await;
    let back = seen(NOW - 3_650 * DAY_MS).await;

    assert_eq!((within, after, back), (NOW, NOW + HOUR_MS, NOW + HOUR_MS));
    assert!(!house.is_in(&fresh, NOW + HOUR_MS + 30 * DAY_MS).await);
}

#[tokio::test]
async fn the_database_holds_nothing_that_signs_anybody_in() {
    let house = house().await;
    let id = house.add("a@x.test", Some("a canary password")).await.unwrap();
    let fresh = house.sign_in(&id, NOW).await;
    let link = link::make(&house.db, &house.random, "a@x.test", NOW).await.unwrap().unwrap();
    let key = key::add(&house.db, &house.random, "n8n", None, NOW).await.unwrap();
    let path = house.db.path().to_owned();

    house.db.clone().close().await;

    let bytes = std::fs::read(path).unwrap();
    let holds = |needle: &str| bytes.windows(needle.len()).any(|w| w == needle.as_bytes());
    assert!(holds("a@x.test"), "the look-out works");
    for secret in [&fresh.token, &link, &key.token, &"a canary password".to_owned()] {
        assert!(!holds(secret));
    }
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_link_but_the_one_that_set_it() {
    let house = house().await;
    let id = house.add("a@x.test", Some("the old password")).await.unwrap();
    let other = house.add("b@x.test", None).await.unwrap();
    let (here, there, theirs) =
        (house.sign_in(&id, NOW).await, house.sign_in(&id, NOW).await, house.sign_in(&other, NOW).await);
    let link = link::make(&house.db, &house.random, "a@x.test", NOW).await.unwrap().unwrap();
    let keep = Fresh::draw(&house.random);

    store::set_password(&house.db, id.clone(), "new hash".into(), keep.clone(), NOW).await.unwrap();

    assert!(!house.is_in(&here, NOW).await && !house.is_in(&there, NOW).await);
    assert!(house.is_in(&keep, NOW).await && house.is_in(&theirs, NOW).await);
    assert_eq!(house.use_up(&link, NOW).await, None);
    assert_eq!(store::password_hash(&house.db, &id).await.unwrap().as_deref(), Some("new hash"));
}

#[tokio::test]
async fn others_can_be_signed_out_singly_or_together_but_never_another_accounts() {
    let house = house().await;
    let (id, other) = (house.add("a@x.test", None).await.unwrap(), house.add("b@x.test", None).await.unwrap());
    let (mine, second, third) =
        (house.sign_in(&id, NOW).await, house.sign_in(&id, NOW + 1).await, house.sign_in(&id, NOW + 2).await);
    let theirs = house.sign_in(&other, NOW).await;
    let id_of = async |f: &Fresh| session::find(&house.db, &f.token, NOW).await.unwrap().unwrap().session.id;

    session::end(&house.db, id.clone(), id_of(&theirs).await).await.unwrap();
    session::end(&house.db, id.clone(), id_of(&second).await).await.unwrap();
    let listed = session::list(&house.db, &id, NOW).await.unwrap();
    session::end_others(&house.db, id.clone(), id_of(&mine).await).await.unwrap();

    assert_eq!(listed.iter().map(|l| l.created_at).collect::<Vec<_>>(), [NOW + 2, NOW]);
    assert!(house.is_in(&theirs, NOW).await && house.is_in(&mine, NOW).await);
    assert!(!house.is_in(&second, NOW).await && !house.is_in(&third, NOW).await);
}

#[tokio::test]
async fn a_link_works_once_even_when_two_press_at_the_same_instant() {
    let house = house().await;
    let id = house.add("a@x.test", None).await.unwrap();
    let token = link::make(&house.db, &house.random, "A@x.test", NOW).await.unwrap().unwrap();

    let looked = link::peek(&house.db, &token, NOW).await.unwrap();
    let (one, two) = tokio::join!(house.use_up(&token, NOW), house.use_up(&token, NOW));

    assert_eq!(looked, Some(Opens::Account(id.clone())));
    assert_eq!([one, two].iter().filter(|opened| **opened == Some(Opens::Account(id.clone()))).count(), 1);
    assert_eq!(link::peek(&house.db, &token, NOW).await.unwrap(), None);
    assert_eq!(link::make(&house.db, &house.random, "nobody@x.test", NOW).await.unwrap(), None);
}

#[tokio::test]
async fn a_link_dies_after_thirty_minutes() {
    let house = house().await;
    house.add("a@x.test", None).await.unwrap();
    let token = link::make(&house.db, &house.random, "a@x.test", NOW).await.unwrap().unwrap();

    let late = house.use_up(&token, NOW + 30 * MINUTE_MS).await;
    let in_time = house.use_up(&token, NOW + 30 * MINUTE_MS - 1).await;

    assert!(late.is_none() && in_time.is_some());
}

#[tokio::test]
async fn each_start_makes_a_new_setup_link_until_somebody_is_in() {
    let house = house().await;

    let first = link::make_setup(&house.db, &house.random, NOW).await.unwrap().unwrap();
    let second = link::make_setup(&house.db, &house.random, NOW + 1).await.unwrap().unwrap();
    let (old, new) =
        (link::peek(&house.db, &first, NOW).await.unwrap(), link::peek(&house.db, &second, NOW).await.unwrap());
    house.add("a@x.test", None).await.unwrap();

    assert_eq!((old, new), (None, Some(Opens::Setup)));
    assert_eq!(link::make_setup(&house.db, &house.random, NOW).await.unwrap(), None);
    assert_eq!(link::peek(&house.db, &second, NOW).await.unwrap(), None, "the last one died with the first sign-in");
    assert_eq!(house.use_up(&second, NOW).await, None);
}

#[tokio::test]
async fn setting_up_names_the_first_shop_and_lets_one_person_in() {
    let house = house().await;
    house.shop("b1", "my-business").await;
    let token = link::make_setup(&house.db, &house.random, NOW).await.unwrap().unwrap();
    let (one, two) = (Fresh::draw(&house.random), Fresh::draw(&house.random));
    let mut second = house.answers();
    second.account.email = "eve@x.test".into();

    let (a, b) = tokio::join!(
        setup::finish(&house.db, token.clone(), house.answers(), one.clone(), NOW),
        setup::finish(&house.db, token.clone(), second, two.clone(), NOW),
    );

    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT slug, name, timezone, phone FROM business").fetch_all(house.db.read()).await.unwrap();
    let people: Vec<(String, String, String)> =
        sqlx::query_as("SELECT name, phone, email FROM person").fetch_all(house.db.read()).await.unwrap();
    let mut ends = [a.unwrap(), b.unwrap()];
    ends.sort_by_key(|end| *end == setup::Done::TooLate);
    assert_eq!(ends, [setup::Done::In { slug: "harbor-plumbing".into() }, setup::Done::TooLate]);
    assert_eq!(
        rows,
        [("harbor-plumbing".into(), "Harbor Plumbing".into(), "America/Chicago".into(), "+15125550142".into())]
    );
    assert_eq!(people.len(), 1);
    assert_ne!(house.is_in(&one, NOW).await, house.is_in(&two, NOW).await);
}

#[tokio::test]
async fn setting_up_without_a_first_shop_founds_one() {
    let house = house().await;
    let token = link::make_setup(&house.db, &house.random, NOW).await.unwrap().unwrap();

    let done = setup::finish(&house.db, token, house.answers(), Fresh::draw(&house.random), NOW).await.unwrap();

    assert_eq!(done, setup::Done::In { slug: "harbor-plumbing".into() });
}

#[tokio::test]
async fn a_key_opens_its_business_until_it_is_taken_back() {
    let house = house().await;
    let (mine, other) = (house.shop("b1", "one").await, house.shop("b2", "two").await);

    let fresh = key::add(&house.db, &house.random, "n8n", Some(mine.clone()), NOW).await.unwrap();
    key::add(&house.db, &house.random, "all", None, NOW + 1).await.unwrap();
    let found = key::find(&house.db, &fresh.token).await.unwrap().unwrap();
    key::touch(&house.db, &found, NOW + 5).await.unwrap();
    let used = key::find(&house.db, &fresh.token).await.unwrap().unwrap();
    key::touch(&house.db, &used, NOW + 5 + HOUR_MS - 1).await.unwrap();

    assert!(fresh.token.starts_with("lb_") && fresh.token.len() == 29);
    assert_eq!(found.business_id.as_ref(), Some(&mine));
    assert_eq!(key::find(&house.db, &fresh.token).await.unwrap().unwrap().last_used_at, Some(NOW + 5));
    assert_eq!(key::list(&house.db, None).await.unwrap().len(), 2);
    assert_eq!(key::list(&house.db, Some(&mine)).await.unwrap(), [used]);
    assert!(!key::revoke(&house.db, Some(other), fresh.id.clone()).await.unwrap());
    assert!(key::revoke(&house.db, Some(mine), fresh.id.clone()).await.unwrap());
    assert_eq!(key::find(&house.db, &fresh.token).await.unwrap(), None);
}

#[tokio::test]
async fn sessions_and_links_that_have_run_out_are_swept_and_the_others_stay() {
    let house = house().await;
    let dave = house.add("dave@harbor.example", Some("correct horse")).await.unwrap();
    let gone = house.sign_in(&dave, NOW).await;
    let used = link::make(&house.db, &house.random, "dave@harbor.example", NOW).await.unwrap().unwrap();
    assert!(house.use_up(&used, NOW).await.is_some());
    let later = NOW + session::IDLE_MS;
    // Beginning a session sweeps sessions as well; this one begins before the other has ended.
    let running = house.sign_in(&dave, later - 1).await;
    let open = link::make(&house.db, &house.random, "dave@harbor.example", later).await.unwrap().unwrap();

    let swept = (session::sweep(&house.db, later).await.unwrap(), link::sweep(&house.db, later).await.unwrap());

    assert_eq!(swept, (1, 1));
    assert!(house.is_in(&running, later).await && !house.is_in(&gone, NOW + 1).await);
    assert!(house.use_up(&open, later).await.is_some());
}
