//! The contract that every channel keeps, walked for all of them.

use crate::support::vendors::{SECRETS, Trouble, Vendor, hasty, message, patient};
use leadbell::outbox::channel::Outcome;
use std::io::Write;
use std::sync::{Arc, Mutex};

/// Puts every vendor that knows this trouble into it and returns what each channel made of one message.
async fn walk(trouble: Trouble) -> Vec<(&'static str, Outcome, usize)> {
    let mut met = Vec::new();
    for vendor in Vendor::all().await {
        if !vendor.meet(trouble) {
            continue;
        }
        let channel = vendor.channel(if trouble == Trouble::Silence { hasty() } else { patient() });

        let outcome = channel.send(&message(channel.as_ref(), "m1")).await;

        met.push((channel.vendor(), outcome, vendor.taken()));
    }
    met
}

#[tokio::test]
async fn an_accepted_message_has_an_id_and_a_count_and_is_taken_once() {
    let met = walk(Trouble::None).await;

    assert_eq!(met.len(), 4);
    for (vendor, outcome, taken) in met {
        assert!(
            matches!(&outcome, Outcome::Accepted { vendor_id: Some(id), parts: 1 } if !id.is_empty()),
            "{vendor}: {outcome:?}"
        );
        assert_eq!(taken, 1, "{vendor}");
    }
}

#[tokio::test]
async fn a_vendor_that_is_too_busy_has_not_sent_anything() {
    let met = walk(Trouble::TooMany).await;

    assert_eq!(met.len(), 3);
    for (vendor, outcome, taken) in met {
        assert!(matches!(outcome, Outcome::NotSent { .. }), "{vendor}: {outcome:?}");
        assert_eq!(taken, 0, "{vendor}");
    }
}

#[tokio::test]
async fn a_fault_of_the_server_proves_nothing() {
    for (vendor, outcome, _) in walk(Trouble::ServerFault).await {
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{vendor}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_refusal_is_final_and_names_its_code() {
    for (vendor, outcome, taken) in walk(Trouble::Refusal).await {
        assert!(matches!(outcome, Outcome::Rejected { code: Some(_), opted_out: false, .. }), "{vendor}: {outcome:?}");
        assert_eq!(taken, 0, "{vendor}");
    }
}

#[tokio::test]
async fn a_wrong_key_blocks_the_channel_and_not_the_message() {
    for (vendor, outcome, taken) in walk(Trouble::WrongKey).await {
        assert!(matches!(outcome, Outcome::Blocked { code: Some(_), .. }), "{vendor}: {outcome:?}");
        assert_eq!(taken, 0, "{vendor}");
    }
}

#[tokio::test]
async fn silence_ends_by_itself_and_proves_nothing() {
    for (vendor, outcome, _) in walk(Trouble::Silence).await {
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{vendor}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_never_taken_for_a_message_that_was_not_sent() {
    for (vendor, outcome, taken) in walk(Trouble::CutAfterTaking).await {
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{vendor}: {outcome:?}");
        assert_eq!(taken, 1, "{vendor} tried twice");
    }
}

#[tokio::test]
async fn nobody_listening_means_not_sent() {
    let mut asked = 0;
    for vendor in Vendor::all().await {
        let Some(channel) = vendor.channel_to_nobody().await else { continue };
        asked += 1;

        let outcome = channel.send(&message(channel.as_ref(), "m1")).await;

        assert!(matches!(outcome, Outcome::NotSent { .. }), "{}: {outcome:?}", channel.vendor());
    }
    assert_eq!(asked, 3);
}

#[tokio::test]
async fn every_reason_is_a_sentence_for_people() {
    let troubles = [Trouble::TooMany, Trouble::ServerFault, Trouble::Refusal, Trouble::WrongKey, Trouble::Silence];
    for trouble in troubles {
        for (vendor, outcome, _) in walk(trouble).await {
            let reason = reason(&outcome);

            assert!(reason.ends_with('.') && reason.len() > 30, "{vendor} {trouble:?}: {reason}");
            assert!(!reason.contains("maria@example.com") && !reason.contains("3125550188"), "{vendor}: {reason}");
        }
    }
}

#[tokio::test]
async fn no_secret_and_no_recipient_is_logged_or_shown() {
    let log = Log::default();
    // While a process has one subscriber only, tracing asks other threads' tests, which have none, whether a line
    // is wanted at all, and remembers their no. A second one makes it ask both.
    let second = tracing::Dispatch::new(tracing_subscriber::registry());
    let guard = {
        let log = log.clone();
        let subscriber =
            tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || log.clone()).finish();
        tracing::subscriber::set_default(subscriber)
    };
    let mut shown = String::new();
    let all = [
        Trouble::None,
        Trouble::TooMany,
        Trouble::Refusal,
        Trouble::WrongKey,
        Trouble::Silence,
        Trouble::CutAfterTaking,
    ];
    for trouble in all {
        for (_, outcome, _) in walk(trouble).await {
            shown.push_str(&format!("{outcome:?}\n"));
        }
    }
    for vendor in Vendor::all().await {
        let Some(channel) = vendor.channel_to_nobody().await else { continue };
        let message = message(channel.as_ref(), "m1");
        shown.push_str(&format!("{:?} {message:?}\n", channel.send(&message).await));
    }
    drop((guard, second));

    let log = log.text();
    assert!(log.contains("no answer from Twilio") && log.contains("the mail server broke off"), "{log}");
    for secret in SECRETS.iter().chain(&["maria@example.com", "+13125550188"]) {
        assert!(!log.contains(secret), "{secret} was logged:\n{log}");
        assert!(!shown.contains(secret), "{secret} was shown:\n{shown}");
    }
}

fn reason(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Accepted { .. } => "",
        Outcome::NotSent { reason, .. }
        | Outcome::Rejected { reason, .. }
        | Outcome::Blocked { reason, .. }
        | Outcome::Unknown { reason, .. } => reason,
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
