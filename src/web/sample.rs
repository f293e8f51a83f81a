//! A house for tests of handlers: its own database (businesses `harbor` and `rival`, see
//! [`crate::lead::store::sample`]), its own clock, and somebody who asks it things.

use super::session::guard;
use super::{App, House};
use crate::account::session::{self, Fresh};
use crate::account::{self, Doors};
use crate::base::clock::Clock;
use crate::base::ids::{BusinessId, UserId};
use crate::base::keys::Keys;
use crate::base::random::Random;
use crate::db::copies::Copies;
use crate::delivery::preview::{Look, Preview};
use crate::lead::store::sample;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

/// When these tests happen: 2026-11-21T12:00:00Z.
pub const NOW: i64 = 1_795_262_400_000;

/// A house with a router, guarded as in production.
pub struct Standing {
    _folder: tempfile::TempDir,
    /// The house.
    pub house: App,
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

/// Stands up a house behind `routes`, reached as `public_url`.
pub async fn at(public_url: &str, routes: Router<App>) -> Standing {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    let clock = Clock::manual(NOW);
    let mut engine = super::Engine::idle(&db, &clock, public_url);
    engine.preview = Some(Preview::new(clock.clone(), Box::new(std::io::sink()), Look::Plain));
    let house = Arc::new(House {
        copies: Copies::of(folder.path(), db.path()),
        engine,
        db,
        keys: Keys::new([7; 32]),
        clock,
        random: Random::seeded(11),
        public_url: public_url.to_owned(),
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        doors: Doors::default(),
    });
    let guarded = routes.layer(axum::middleware::from_fn_with_state(Arc::clone(&house), guard));
    Standing { _folder: folder, router: guarded.with_state(Arc::clone(&house)), house }
}

/// Stands up a house behind `routes` at `http://localhost:8080`.
pub async fn open(routes: Router<App>) -> Standing {
    at("http://localhost:8080", routes).await
}

impl Standing {
    /// Asks through a proxy that is trusted, so `x-forwarded-for` counts; `headers` come on top.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 4_711))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 24).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask("GET", path, &[("accept", "text/html"), ("cookie", cookie)], "").await
    }

    /// Posts a form from one of our own pages.
    pub async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let headers = [
            ("accept", "text/html"),
            ("cookie", cookie),
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", "http://localhost:8080"),
        ];
        self.ask("POST", path, &headers, form).await
    }

    /// Makes an account that sees one business (`harbor`, `rival`) or, with `None`, all.
    pub async fn account(&self, email: &str, password: Option<&str>, business: Option<&str>) -> UserId {
        let new = account::New {
            email: email.to_owned(),
            name: "Dave".to_owned(),
            password: password.map(Into::into),
            business_id: business.map(BusinessId::from),
        };
        let house = &self.house;
        account::add(&house.db, &house.doors.hasher, &house.random, NOW, new).await.unwrap()
    }

    /// Signs an account in without the page: the cookie header and the token its forms must carry.
    pub async fn signed_in(&self, account: &UserId) -> (String, String) {
        let (fresh, account, now) = (Fresh::draw(&self.house.random), account.clone(), self.house.clock.now_ms());
        let begun = fresh.clone();
        let write =
            self.house.db.write(move |c| Box::pin(async move { session::begin(c, &begun, &account, now).await }));
        write.await.unwrap();
        (format!("leadbell={}", fresh.token), fresh.csrf)
    }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The value of a header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What a browser would send back of the cookies that were set.
    pub fn cookies(&self) -> String {
        let set = self.headers.get_all("set-cookie").iter();
        let pairs: Vec<&str> = set.map(|value| value.to_str().unwrap().split(';').next().unwrap_or_default()).collect();
        pairs.join("; ")
    }
}
