//! The whole decision as a table: every reason, every purpose and kind, every channel.

use super::*;
use proptest::prelude::*;

const NOW: i64 = 1_000;

fn quiet() -> Quiet {
    Quiet { until: 2_000, reason: "It is 22:10 in Denver; goes at 9:00.".to_owned() }
}

/// A message that nothing holds back.
fn fine(purpose: Purpose, is_marketing: bool, medium: Medium) -> Facts<'static> {
    Facts {
        purpose,
        medium,
        is_marketing,
        now: NOW,
        expires_at: NOW + 1,
        was_tried: false,
        released: false,
        opted_out: false,
        silenced: false,
        refused: None,
        agreed_to_marketing: true,
        overtaken: false,
        quiet: None,
        turn: Turn::Now,
        full: None,
        gone: false,
        down: None,
    }
}

/// What can be the matter, in the order in which the gate asks.
const REASONS: [&str; 12] = [
    "too late",
    "opted out",
    "silence",
    "mail only",
    "not ticked",
    "no marketing",
    "overtaken",
    "quiet",
    "not their turn",
    "one of many",
    "cap",
    "down",
];

fn with<'a>(mut f: Facts<'a>, reason: &str, quiet: &'a Quiet) -> Facts<'a> {
    match reason {
        "too late" => f.expires_at = NOW,
        "opted out" => f.opted_out = true,
        "silence" => f.silenced = true,
        "mail only" => f.refused = Some(Refusal::MailOnly),
        "not ticked" => f.refused = Some(Refusal::NotTicked),
        "no marketing" => f.agreed_to_marketing = false,
        "overtaken" => f.overtaken = true,
        "quiet" => f.quiet = Some(quiet),
        "not their turn" => f.turn = Turn::Wait(1_500),
        "one of many" => f.turn = Turn::Together(1_600),
        "cap" => f.full = Some("This number had two automatic texts today."),
        "down" => f.down = Some(("Connection refused.", 1_700)),
        other => panic!("no such reason: {other}"),
    }
    f
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Go => "go",
        Verdict::Aside(state, _) => state.as_str(),
        Verdict::Wait(..) => "waits",
        Verdict::Together(_) => "together",
    }
}

const PURPOSES: [(Purpose, bool); 9] = [
    (Purpose::LeadReply, false),
    (Purpose::FollowUp, false),
    (Purpose::FollowUp, true),
    (Purpose::Relay, false),
    (Purpose::OwnerAlert, false),
    (Purpose::Escalation, false),
    (Purpose::Notice, false),
    (Purpose::Report, false),
    (Purpose::Hook, false),
];

#[test]
fn every_reason_decides_for_every_purpose_kind_and_channel_as_written_here() {
    // reply, follow-up, marketing, relay, alert, escalation, notice, report, hook
    let always = |word: &'static str| [word; 9];
    let to_lead = |word: &'static str| [word, word, word, word, "go", "go", "go", "go", "go"];
    let by_itself = |word: &'static str| [word, word, word, "go", "go", "go", "go", "go", "go"];
    let marketing = |word: &'static str| ["go", "go", word, "go", "go", "go", "go", "go", "go"];
    let nobody = always("go");
    let table: [(&str, [[&str; 9]; 3]); 12] = [
        // reason, then by text, by mail, to a hook
        ("too late", [always("expired"); 3]),
        ("opted out", [to_lead("cancelled"), by_itself("cancelled"), nobody]),
        ("silence", [by_itself("cancelled"); 3]),
        ("mail only", [by_itself("cancelled"), nobody, nobody]),
        ("not ticked", [by_itself("cancelled"), nobody, nobody]),
        ("no marketing", [marketing("cancelled"); 3]),
        ("overtaken", [always("cancelled"); 3]),
        ("quiet", [always("waits"); 3]),
        ("not their turn", [always("waits"); 3]),
        ("one of many", [always("together"); 3]),
        ("cap", [always("held"); 3]),
        ("down", [always("waits"); 3]),
    ];
    let quiet = quiet();
    assert_eq!(table.map(|(reason, _)| reason), REASONS);
    for (reason, by_medium) in table {
        for (medium, expected) in [Medium::Sms, Medium::Mail, Medium::Hook].into_iter().zip(by_medium) {
            for ((purpose, is_marketing), expected) in PURPOSES.into_iter().zip(expected) {
                let verdict = gate(&with(fine(purpose, is_marketing, medium), reason, &quiet));

                let what = format!("{reason}: {} {is_marketing} {}", purpose.as_str(), medium.as_str());
                assert_eq!(word(&verdict), expected, "{what}");
            }
        }
    }
}

#[test]
fn a_message_that_nothing_holds_back_goes() {
    for (purpose, is_marketing) in PURPOSES {
        for medium in [Medium::Sms, Medium::Mail, Medium::Hook] {
            assert_eq!(gate(&fine(purpose, is_marketing, medium)), Verdict::Go, "{purpose:?} {medium:?}");
        }
    }
}

#[test]
fn what_is_asked_first_decides() {
    let quiet = quiet();
    let offer = || fine(Purpose::FollowUp, true, Medium::Sms);
    for (n, first) in REASONS.into_iter().enumerate() {
        let alone = gate(&with(offer(), first, &quiet));
        for later in &REASONS[n + 1..] {
            // These two are answers to one question.
            if matches!((first, *later), ("mail only", "not ticked") | ("not their turn", "one of many")) {
                continue;
            }
            let both = gate(&with(with(offer(), first, &quiet), later, &quiet));

            assert_eq!(both, alone, "{first} comes before {later}");
        }
    }
}

#[test]
fn every_verdict_says_why_in_words() {
    let quiet = quiet();
    let told = |reason: &str, purpose, medium| match gate(&with(fine(purpose, true, medium), reason, &quiet)) {
        Verdict::Aside(_, why) => why.to_owned(),
        Verdict::Wait(_, Some(why)) => why,
        other => panic!("{reason}: {other:?}"),
    };
    let text = |reason| told(reason, Purpose::FollowUp, Medium::Sms);
    let table = [
        ("too late", "Too late to be of use; not sent."),
        ("opted out", "They asked us not to text. You can still call."),
        ("silence", "They asked us to stop, in their own words. You can still write yourself."),
        ("mail only", "Not texted: their form only allows mail."),
        ("not ticked", "Not texted: the box that allows texts was not ticked."),
        ("no marketing", "Not sent: it is marketing, and they did not agree to get any."),
        (
            "overtaken",
            "Not needed: somebody answered, they wrote, paid or asked us to stop, or the first text never went.",
        ),
        ("quiet", "It is 22:10 in Denver; goes at 9:00."),
        ("cap", "This number had two automatic texts today."),
        ("down", "Waits: Connection refused."),
    ];
    for (reason, words) in table {
        assert_eq!(text(reason), words, "{reason}");
    }
    assert_eq!(told("opted out", Purpose::FollowUp, Medium::Mail), UNSUBSCRIBED);
    let reply = Facts { overtaken: true, ..fine(Purpose::LeadReply, false, Medium::Sms) };
    assert_eq!(gate(&reply), Verdict::Aside(State::Cancelled, "Not needed any more: a person has answered."));
    let gone = Facts { gone: true, ..fine(Purpose::Hook, false, Medium::Hook) };
    assert_eq!(gate(&gone), Verdict::Aside(State::Cancelled, "This hook is switched off or removed."));
    let tried = Facts { expires_at: NOW, was_tried: true, ..fine(Purpose::OwnerAlert, false, Medium::Sms) };
    assert_eq!(gate(&tried), Verdict::Aside(State::Failed, "Gave up: too late to be of use."));
}

#[test]
fn a_press_of_send_it_all_the_same_lifts_what_the_owner_may_lift() {
    let quiet = quiet();
    let table = [
        ("too late", "expired"),
        ("opted out", "cancelled"),
        ("silence", "go"),
        ("mail only", "cancelled"),
        ("not ticked", "cancelled"),
        ("no marketing", "cancelled"),
        ("overtaken", "go"),
        ("quiet", "go"),
        ("not their turn", "go"),
        ("one of many", "go"),
        ("cap", "go"),
        ("down", "waits"),
    ];
    for (reason, expected) in table {
        let pressed = Facts { released: true, ..fine(Purpose::FollowUp, true, Medium::Sms) };

        assert_eq!(word(&gate(&with(pressed, reason, &quiet))), expected, "{reason}");
    }
}

proptest! {
    #[test]
    fn nothing_that_is_forbidden_ever_goes(
        purpose in 0..PURPOSES.len(),
        by_mail in any::<bool>(),
        late in -5i64..5,
        flags in prop::collection::vec(any::<bool>(), 9),
        refused in 0..3,
        turn in 0..3,
    ) {
        let quiet = quiet();
        let (purpose, is_marketing) = PURPOSES[purpose];
        let medium = if by_mail { Medium::Mail } else { Medium::Sms };
        let f = Facts {
            expires_at: NOW + late,
            was_tried: flags[0],
            released: flags[1],
            opted_out: flags[2],
            silenced: flags[3],
            refused: [None, Some(Refusal::MailOnly), Some(Refusal::NotTicked)][usize::try_from(refused).unwrap()],
            agreed_to_marketing: flags[4],
            overtaken: flags[5],
            quiet: flags[6].then_some(&quiet),
            turn: [Turn::Now, Turn::Wait(2_000), Turn::Together(2_000)][usize::try_from(turn).unwrap()],
            full: flags[7].then_some("full"),
            down: flags[8].then_some(("Down.", 2_000)),
            ..fine(purpose, is_marketing, medium)
        };

        let verdict = gate(&f);

        let to_lead = purpose.is_for_lead();
        let by_itself = to_lead && purpose != Purpose::Relay;
        if verdict == Verdict::Go {
            prop_assert!(late > 0 && f.down.is_none());
            prop_assert!(!(to_lead && !by_mail && f.opted_out), "after STOP");
            prop_assert!(!(by_itself && by_mail && f.opted_out), "after unsubscribing");
            prop_assert!(!(by_itself && !by_mail && f.refused.is_some()), "without consent");
            prop_assert!(!is_marketing || f.agreed_to_marketing, "marketing without consent");
            prop_assert!(f.released || (f.quiet.is_none() && f.full.is_none() && f.turn == Turn::Now && !f.overtaken));
        }
        if let Verdict::Aside(_, why) = &verdict {
            prop_assert!(why.ends_with('.') || *why == "full");
        }
    }
}
