//! People text our numbers: by a callback that comes, or by one that never does.

use super::fake_twilio::{ACCOUNT, AUTH_TOKEN, FakeTwilio, NUMBER};
use super::shop::{PUBLIC_URL, Shop};
use super::twilio_wire::{Accepted, Signed};
use leadbell::app;

impl FakeTwilio {
    /// A text from `from` to our number, as Twilio would post it to `public_url`.
    pub fn inbound(&self, public_url: &str, from: &str, body: &str) -> Signed {
        self.inbound_to(public_url, from, NUMBER, body)
    }

    /// A text to our number whose callback never comes: only the list shows it. Returns its id.
    pub fn missed(&self, from: &str, body: &str) -> String {
        self.comes_in(from, NUMBER, body)
    }

    fn comes_in(&self, from: &str, to: &str, body: &str) -> String {
        let mut truth = self.truth();
        truth.callbacks += 1;
        let (sid, now) = (format!("SM{:032x}", 0xfeed_0000 + truth.callbacks), self.inner.clock.now_ms());
        truth.inbound.push(Accepted {
            sid: sid.clone(),
            to: to.to_owned(),
            from: Some(from.to_owned()),
            service: None,
            body: body.to_owned(),
            status_callback: None,
            validity_secs: None,
            status: "received".to_owned(),
            code: None,
            created_ms: now,
            sent_ms: Some(now),
            visible_ms: i64::MIN,
            direction: "inbound",
        });
        sid
    }

    /// The same to another number of ours.
    pub fn inbound_to(&self, public_url: &str, from: &str, to: &str, body: &str) -> Signed {
        let sid = self.comes_in(from, to, body);
        let fields = [
            ("ToCountry", "US"),
            ("SmsMessageSid", &sid),
            ("NumMedia", "0"),
            ("SmsSid", &sid),
            ("SmsStatus", "received"),
            ("Body", body),
            ("FromCity", ""),
            ("To", to),
            ("NumSegments", "1"),
            ("MessageSid", &sid),
            ("AccountSid", ACCOUNT),
            ("From", from),
            ("ApiVersion", "2010-04-01"),
        ];
        Signed::new(AUTH_TOKEN, &format!("{}/twilio/message", public_url.trim_end_matches('/')), &fields)
    }
}

impl Shop {
    /// Somebody texts our number.
    pub async fn texts_in(&self, from: &str, words: &str) {
        let answer = self.hears(&self.twilio.inbound(PUBLIC_URL, from, words)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// Somebody texts another number of ours.
    pub async fn texts_in_to(&self, from: &str, to: &str, words: &str) {
        let answer = self.hears(&self.twilio.inbound_to(PUBLIC_URL, from, to, words)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// The look into Twilio's list that the running house takes every five minutes.
    pub async fn looks_for_missed_texts(&self) {
        app::listen(&self.standing().house).await;
        self.works().await;
    }
}
