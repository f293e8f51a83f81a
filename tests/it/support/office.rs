//! Somebody who is signed in and presses the buttons of the pages.

use super::door::{Answer, Door};
use super::shop::{DAVE_MAIL, PUBLIC_URL, Shop};
use leadbell::account::session::{Fresh, begin};
use leadbell::account::{self, New};
use leadbell::lead::shop::{Source, store};
use url::form_urlencoded;

pub struct Office<'a> {
    shop: &'a Shop,
    cookie: String,
    csrf: String,
}

impl Shop {
    /// Dave signs in, on one more device if he is in already.
    pub async fn office(&self) -> Office<'_> {
        let house = &self.standing().house;
        let now = self.clock.now_ms();
        let new = New { email: DAVE_MAIL.to_owned(), name: "Dave".to_owned(), password: None, business_id: None };
        let known = sqlx::query_scalar("SELECT id FROM account WHERE email = $1").bind(DAVE_MAIL);
        let known: Option<String> = known.fetch_optional(house.db.read()).await.unwrap();
        let id = match known {
            Some(id) => id.into(),
            None => account::add(&house.db, &house.doors.hasher, &house.random, now, new).await.unwrap(),
        };
        let fresh = Fresh::draw(&house.random);
        let begun = fresh.clone();
        house.db.write(move |c| Box::pin(async move { begin(c, &begun, &id, now).await })).await.unwrap();
        Office { shop: self, cookie: format!("__Host-leadbell={}", fresh.token), csrf: fresh.csrf }
    }

    /// One more source, of that sender; returns its id and the token of its address.
    pub async fn source_from(&self, provider: &str, secret: Option<&str>) -> (String, String) {
        let house = &self.standing().house;
        let business = store::business_by_slug(house.db.read(), "harbor").await.unwrap().unwrap();
        let now = self.clock.now_ms();
        let (source, token) = Source::new(&business.id, provider, provider, secret, &house.keys, &house.random, now);
        let id = source.id.to_string();
        house.db.write(move |c| Box::pin(async move { store::add_source(c, &source).await })).await.unwrap();
        (id, token)
    }

    /// The address of that token, to be posted to.
    pub fn door_of<'a>(&'a self, token: &str) -> Door<'a> {
        Door::new(self, token)
    }

    /// The weeks that pass here bring no report: for tests of other mails.
    pub async fn reports_no_weeks(&self) {
        self.sql("UPDATE business SET reported_week = '9999-W52'", &[]).await;
    }

    /// A change to the database that no button makes.
    pub async fn sql(&self, sql: &'static str, bound: &[&str]) {
        let bound: Vec<String> = bound.iter().map(|text| (*text).to_owned()).collect();
        let house = &self.standing().house;
        let job = house.db.write(move |c| {
            Box::pin(async move {
                let query = bound.iter().fold(sqlx::query(sql), |query, text| query.bind(text.clone()));
                query.execute(c).await.map(drop)
            })
        });
        job.await.unwrap();
    }
}

impl Office<'_> {
    pub async fn opens(&self, path: &str) -> String {
        let answer = self.shop.ask("GET", path, &[("cookie", &*self.cookie), ("accept", "text/html")], "").await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.text
    }

    /// Presses a button, and leaves everything that follows for later.
    pub async fn presses(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf).extend_pairs(fields);
        let headers = [
            ("cookie", &*self.cookie),
            ("accept", "text/html"),
            ("origin", PUBLIC_URL),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.shop.ask("POST", path, &headers, form.finish()).await
    }

    /// The same button, pressed by a page of somebody else.
    pub async fn presses_from(&self, origin: &str, path: &str) -> Answer {
        let headers = [
            ("cookie", &*self.cookie),
            ("accept", "text/html"),
            ("origin", origin),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.shop.ask("POST", path, &headers, format!("csrf={}", self.csrf)).await
    }
}
