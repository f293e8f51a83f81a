//! Mails against a scripted mail server and against a real one.

use crate::support::fake_smtp::{At, FakeSmtp, Fault, USER};
use crate::support::vendors::{hasty, message, patient, smtp};
use crate::support::{mailcrab_on_a_free_port, soon};
use leadbell::delivery::Timeouts;
use leadbell::outbox::channel::{Channel, Found, Handed, Outcome, Outgoing};
use std::time::Duration;

/// What the channel makes of one mail while the server follows `fault`, and how many mails it kept.
async fn through(fault: Fault, timeouts: Timeouts) -> (Outcome, usize) {
    let server = FakeSmtp::start().await;
    server.next(fault);
    let channel = smtp(&server.url_with_login(), timeouts);
    let outcome = channel.send(&message(&channel, "m1")).await;
    (outcome, server.taken().len())
}

#[tokio::test]
async fn a_mail_arrives_with_both_parts_and_our_own_id() {
    let server = FakeSmtp::start().await;
    let channel = smtp(&server.url_with_login(), patient());
    let mail = Outgoing { body: "Hi Zoë,\n.\n..dots\nbye".to_owned(), ..message(&channel, "m1") };

    let outcome = channel.send(&mail).await;

    let got = &server.expect(1).await[0];
    let id = Some("<m1@shop.example>".to_owned());
    assert_eq!(outcome, Outcome::Accepted { vendor_id: id.clone(), parts: 1 });
    assert_eq!((got.from.as_str(), got.to.as_str()), ("leads@shop.example", "maria@example.com"));
    assert_eq!((got.header("Message-ID"), got.user.as_deref()), (id, Some(USER)));
    assert_eq!(got.part("text/plain").as_deref(), Some("Hi Zoë,\n.\n..dots\nbye"));
    assert_eq!(got.part("text/html").as_deref(), Some("<p>Hi Maria</p>"));
    assert_eq!(got.headers("Content-Type"), 1);
}

#[tokio::test]
async fn refusals_and_delays_before_the_dot_are_told_apart() {
    for (fault, wanted) in [
        (Fault::Say(At::Greeting, "421 4.3.2 too busy"), "later"),
        (Fault::Say(At::Greeting, "554 5.7.1 go away"), "blocked"),
        (Fault::Say(At::From, "530 5.7.0 sign in first"), "blocked"),
        (Fault::Say(At::From, "451 4.3.0 not now"), "later"),
        (Fault::Say(At::To, "550 5.1.1 no such user"), "rejected"),
        (Fault::Say(At::Data, "554 5.6.0 no"), "rejected"),
        (Fault::Say(At::Dot, "554 5.7.1 looks like spam"), "rejected"),
        (Fault::Say(At::Dot, "451 4.2.0 greylisted"), "later"),
        (Fault::Say(At::To, "354 out of turn"), "later"),
        (Fault::Say(At::Hello, "gibberish"), "later"),
        (Fault::Cut(At::Greeting), "later"),
        (Fault::Cut(At::To), "later"),
        (Fault::Cut(At::Data), "later"),
    ] {
        let (outcome, kept) = through(fault, patient()).await;

        assert_eq!((class(&outcome), kept), (wanted, 0), "{fault:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn after_the_dot_only_the_servers_word_counts() {
    for (fault, kept) in [
        (Fault::Cut(At::Dot), 0),
        (Fault::Cut(At::DotTaken), 1),
        (Fault::Say(At::DotTaken, "354 go on"), 1),
        (Fault::Say(At::DotTaken, "gibberish"), 1),
    ] {
        let (outcome, taken) = through(fault, patient()).await;

        assert_eq!((class(&outcome), taken), ("unknown", kept), "{fault:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_silent_server_costs_a_time_out_and_no_more() {
    for at in [At::Greeting, At::Hello, At::Auth, At::From, At::To, At::Data] {
        let (outcome, _) = through(Fault::Silence(at), hasty()).await;

        assert_eq!(class(&outcome), "later", "{at:?}: {outcome:?}");
    }
    let (outcome, _) = through(Fault::Silence(At::DotTaken), hasty()).await;
    assert_eq!(class(&outcome), "unknown", "{outcome:?}");
}

#[tokio::test]
async fn an_answer_that_is_slow_to_come_is_waited_for_apart() {
    let server = FakeSmtp::start().await;
    server.next(Fault::Silence(At::DotTaken));
    let channel = smtp(&server.url(), Timeouts { answer: Duration::from_millis(100), ..hasty() });
    let mail = message(&channel, "m1");

    let Handed::Waiting(answer) = channel.hand_over(&mail).await else { panic!("the slot is still held") };
    let outcome = answer.await;

    assert_eq!((class(&outcome), server.taken().len()), ("unknown", 1), "{outcome:?}");
}

#[tokio::test]
async fn a_wrong_password_blocks_and_is_not_repeated_even_if_the_server_repeats_it() {
    let server = FakeSmtp::start().await;
    let channel = smtp(&format!("smtp://{USER}:canary-wrong@{}", server.address), patient());

    let outcome = channel.send(&message(&channel, "m1")).await;

    assert_eq!(class(&outcome), "blocked", "{outcome:?}");
    let shown = format!("{outcome:?}");
    assert!(!shown.contains("canary") && !shown.contains("AUTH PLAIN"), "{shown}");
}

#[tokio::test]
async fn without_encryption_nothing_is_sent_where_encryption_is_asked_for() {
    let server = FakeSmtp::start().await;
    let channel = smtp(&format!("{}?tls=required", server.url_with_login()), patient());

    let outcome = channel.send(&message(&channel, "m1")).await;

    assert_eq!(class(&outcome), "blocked", "{outcome:?}");
    assert!(server.taken().is_empty());
}

#[tokio::test]
async fn a_handshake_that_fails_has_sent_nothing() {
    let server = FakeSmtp::start().await;
    let channel = smtp(&format!("smtps://{}", server.address), patient());

    let outcome = channel.send(&message(&channel, "m1")).await;

    assert_eq!((class(&outcome), server.taken().len()), ("later", 0), "{outcome:?}");
}

#[tokio::test]
async fn a_relay_without_a_password_is_not_asked_for_one() {
    let server = FakeSmtp::start().await;
    let channel = smtp(&server.url(), patient());

    channel.send(&message(&channel, "m1")).await;
    channel.send(&message(&channel, "m2")).await;

    assert_eq!(server.expect(2).await[0].user, None);
}

#[tokio::test]
async fn mails_in_a_row_share_one_connection_and_one_sign_in() {
    let server = FakeSmtp::start().await;
    let channel = smtp(&server.url_with_login(), patient());

    for id in ["m1", "m2", "m3"] {
        assert_eq!(class(&channel.send(&message(&channel, id)).await), "accepted");
    }

    assert_eq!((server.connections(), server.taken().len()), (1, 3));
    assert_eq!(server.taken()[2].user.as_deref(), Some(USER));
}

#[tokio::test]
async fn a_server_that_hung_up_between_two_mails_gets_the_second_on_a_new_connection() {
    let server = FakeSmtp::start().await;
    let channel = smtp(&server.url(), patient());
    server.next(Fault::CutAfterMail);

    channel.send(&message(&channel, "m1")).await;
    let second = channel.send(&message(&channel, "m2")).await;

    assert_eq!((class(&second), server.connections(), server.taken().len()), ("accepted", 2, 2), "{second:?}");
}

#[tokio::test]
async fn a_connection_on_which_a_mail_was_refused_is_not_used_again() {
    let server = FakeSmtp::start().await;
    let channel = smtp(&server.url(), patient());
    server.next(Fault::Say(At::To, "550 5.1.1 no such user"));

    let refused = channel.send(&message(&channel, "m1")).await;
    let next = channel.send(&message(&channel, "m2")).await;

    assert_eq!((class(&refused), class(&next), server.connections()), ("rejected", "accepted", 2));
}

#[tokio::test]
async fn a_mail_server_has_nothing_to_look_up() {
    let server = FakeSmtp::start().await;
    let channel = smtp(&server.url(), patient());

    assert!(matches!(channel.look_up(&message(&channel, "m1"), 0).await, Found::CannotTell(_)));
}

#[tokio::test]
async fn a_real_mail_server_reads_hostile_names_as_one_sender() {
    let hostile = [
        "Bob\r\nBcc: victim@example.com\r\n\r\nbody",
        "\u{202e}evil\u{2028}\0 \"quoted\" <x@y.example>",
        "Zoë, Łukasz; (Söhne) @ 您好 👍",
        "\u{85}\u{7}\u{1b}[31m",
    ];
    let (port, mut server) = mailcrab_on_a_free_port().await;
    let channel = smtp(&format!("smtp://127.0.0.1:{port}"), patient());
    for name in hostile {
        let mail = Outgoing { from_name: name.to_owned(), subject: name.to_owned(), ..message(&channel, "m1") };

        let outcome = channel.send(&mail).await;

        assert_eq!(class(&outcome), "accepted", "{name:?}: {outcome:?}");
        let got = soon("the mail", server.rx.recv()).await.unwrap();
        assert_eq!(got.envelope_recipients, ["maria@example.com"]);
        let got = serde_json::to_value(&got).unwrap();
        assert_eq!(got["from"]["email"], "leads@shop.example", "{got}");
        assert_eq!(got["to"].as_array().unwrap().len(), 1);
        assert_eq!(got["headers"].get("Bcc"), None);
        assert_eq!(got["text"].as_str().unwrap().trim_end(), mail.body);
    }
    server.token.cancel();
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 1_000, failure_persistence: None, ..Default::default() })]

    /// Else a lead would be promised a mail that the channel then refuses to write.
    #[test]
    fn every_address_that_we_take_can_be_written_to(
        text in r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~@-]{1,20}@[a-z0-9.ßöéа-я٠-٩一-丁xn-]{1,30}|\PC{1,10}@\PC{1,10}\.(com|\PC{2,4})|[a-z.]{1,70}@([a-z-]{1,64}\.){1,3}[a-z]{2,20}"
    ) {
        if let Some(email) = leadbell::lead::contact::Email::parse(&text) {
            proptest::prop_assert!(email.as_str().parse::<lettre::Address>().is_ok(), "{}", email.as_str());
        }
    }
}

fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::NotSent { .. } => "later",
        Outcome::Rejected { .. } => "rejected",
        Outcome::Blocked { .. } => "blocked",
        Outcome::Unknown { .. } => "unknown",
    }
}
