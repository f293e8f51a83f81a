//! What is outside: the public address, the texting account, the mail server.

use super::Finding;
use crate::app;
use crate::base::clock::{Clock, MINUTE_MS};
use crate::config::{Config, Twilio};
use crate::delivery::Timeouts;
use crate::delivery::http::Http;
use crate::delivery::mail_smtp::Smtp;
use crate::delivery::probe::{self, Answer};
use crate::delivery::smtp_server::SmtpServer;
use secrecy::ExposeSecret;
use serde::Deserialize;

pub async fn public_address(config: &Config, public_url: &str, http: &Http) -> Finding {
    const CHECK: &str = "public address";
    let address = format!("{public_url}/healthz");
    match probe::get(http, &address).await {
        Ok(answer) if answer.status == 200 && answer.body.starts_with(b"ok") => {
            if config.public_url.is_none() {
                let next = "Set LEADBELL_PUBLIC_URL to the address that the world sees, with https.";
                return Finding::warning(CHECK, format!("{public_url} answers, on this machine only"), next);
            }
            Finding::fine(CHECK, format!("{public_url} answers"))
        }
        Ok(answer) => {
            let detail = format!("{address} is answered by something else (status {})", answer.status);
            Finding::problem(CHECK, detail, "Point the proxy at this server, or correct LEADBELL_PUBLIC_URL.")
        }
        Err(why) => {
            let next = "Start the server (leadbell serve); if it runs, check DNS, proxy and LEADBELL_PUBLIC_URL.";
            Finding::problem(CHECK, format!("{address} does not answer: {why}"), next)
        }
    }
}

pub async fn texting(config: &Config, public_url: &str, http: &Http, now_ms: i64) -> Vec<Finding> {
    const CHECK: &str = "texting";
    let Some(twilio) = &config.twilio else {
        let next = "Set LEADBELL_TWILIO_ACCOUNT_SID, LEADBELL_TWILIO_AUTH_TOKEN and LEADBELL_TWILIO_FROM.";
        return vec![Finding::warning(CHECK, "not connected: texts go to the preview phones", next)];
    };
    let account = match app::twilio_config(twilio, config, public_url) {
        Ok(account) => account,
        Err(why) => {
            let next = "Set LEADBELL_TWILIO_AUTH_TOKEN, and LEADBELL_TWILIO_FROM.";
            return vec![Finding::problem(CHECK, why.to_string(), next)];
        }
    };
    let answer = match probe::twilio_account(http, &account).await {
        Ok(answer) => answer,
        Err(why) => {
            let detail = format!("Twilio cannot be reached: {why}");
            return vec![Finding::problem(CHECK, detail, "Check this machine's way to the internet. Texts wait.")];
        }
    };
    let mut found = vec![judge(&answer, twilio)];
    found.extend(answer.date_ms.and_then(|theirs| clock(theirs, now_ms)));
    found
}

/// <https://www.twilio.com/docs/iam/api/account>: `status` is active, suspended or closed; `type` is Trial or Full.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Account {
    status: Option<String>,
    r#type: Option<String>,
}

fn judge(answer: &Answer, twilio: &Twilio) -> Finding {
    const CHECK: &str = "texting";
    if matches!(answer.status, 401 | 403 | 404) {
        let next = "Copy account SID and auth token again from the Twilio console. Texts wait until then.";
        return Finding::problem(CHECK, format!("Twilio refuses the key (status {})", answer.status), next);
    }
    if !answer.is_success() {
        let detail = format!("Twilio answers with status {}", answer.status);
        return Finding::problem(CHECK, detail, "Look at status.twilio.com. Texts wait and go out afterwards.");
    }
    let account: Account = serde_json::from_slice(&answer.body).unwrap_or_default();
    if let Some(status) = account.status.filter(|status| status != "active") {
        let next = "Open the Twilio console: it says why, and how to lift it.";
        return Finding::problem(CHECK, format!("the Twilio account is {status}"), next);
    }
    if account.r#type.as_deref() == Some("Trial") {
        let next = "Upgrade the Twilio account before the first real lead.";
        return Finding::warning(CHECK, "accepted, but a trial account reaches verified numbers only", next);
    }
    if twilio.auth_token.is_none() {
        let next = "Set LEADBELL_TWILIO_AUTH_TOKEN too: Twilio signs its news with it.";
        return Finding::warning(CHECK, "accepted, but delivery news and texts from leads cannot be checked", next);
    }
    Finding::fine(CHECK, "Twilio accepts the account and its key")
}

fn clock(theirs_ms: i64, ours_ms: i64) -> Option<Finding> {
    let off = ours_ms.saturating_sub(theirs_ms);
    (off.abs() > 5 * MINUTE_MS).then(|| {
        let detail = format!("{} s away from Twilio's; signed submissions are refused", off / 1_000);
        Finding::problem("clock", detail, "Set the clock and let it be kept: timedatectl set-ntp true")
    })
}

pub async fn mail(config: &Config, clock: Clock) -> Finding {
    const CHECK: &str = "mail";
    let Some(mail) = &config.mail else {
        let next = "Set LEADBELL_SMTP_URL and LEADBELL_EMAIL_FROM.";
        return Finding::warning(CHECK, "not connected: mail goes to the preview inbox", next);
    };
    let channel = SmtpServer::parse(mail.smtp_url.expose_secret())
        .and_then(|server| Smtp::new(server, &mail.from, Timeouts::MAILS, clock));
    let greeted = match channel {
        Ok(channel) => channel.greet().await,
        Err(setup) => Err(setup.to_string()),
    };
    match greeted {
        Ok(()) => Finding::fine(CHECK, format!("the server takes mail from {}", mail.from)),
        Err(why) => Finding::problem(CHECK, why, "Check host, port, user and password in LEADBELL_SMTP_URL."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twilio(auth_token: Option<&str>) -> Twilio {
        Twilio {
            account_sid: "AC1".to_owned(),
            auth_token: auth_token.map(|token| token.to_owned().into()),
            api_key: Some(("SK1".to_owned(), "s".to_owned().into())),
            from: Some("+15125550100".to_owned()),
            messaging_service_sid: None,
        }
    }

    #[test]
    fn an_account_that_cannot_text_everybody_is_said_before_the_first_lead() {
        let answer = |status, body: &str| Answer { status, date_ms: None, body: body.as_bytes().to_vec() };
        let full = r#"{"status":"active","type":"Full"}"#;
        for (given, token, ok, words) in [
            (answer(200, full), Some("t"), true, "accepts the account"),
            (answer(200, full), None, true, "cannot be checked"),
            (answer(200, r#"{"status":"active","type":"Trial"}"#), Some("t"), true, "trial"),
            (answer(200, r#"{"status":"suspended"}"#), Some("t"), false, "suspended"),
            (answer(401, "{}"), Some("t"), false, "refuses the key"),
            (answer(503, "<html>"), Some("t"), false, "status 503"),
        ] {
            let finding = judge(&given, &twilio(token));
            assert_eq!(finding.ok, ok, "{finding:?}");
            assert!(finding.detail.contains(words), "{finding:?}");
        }
    }

    #[test]
    fn a_clock_far_from_twilios_is_a_problem() {
        assert_eq!(clock(1_000, 2_000), None);
        assert!(clock(0, 600_000).is_some_and(|finding| !finding.ok));
    }
}
