//! Degrade, never go dark: whatever keeps a text from a lead, they are answered by mail within a quarter of an hour, the
//! owner hears of it once, the pages say it in words, and texts start again by themselves.

use crate::support::fake_twilio::Fault;
use crate::support::shop::{DAVE, DAVE_MAIL, ENQUIRY, MARIA, MARIA_MAIL, Shop};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const KIT: &str = "Open the registration kit</a>";

/// How a text to Maria comes to grief.
#[derive(Clone, Copy)]
enum Grief {
    /// The vendor refuses it at once.
    Refused(i64),
    /// The carrier drops it afterwards.
    Dropped(i64),
    /// Nothing goes out to anybody.
    Down(Fault),
}

/// What it is about.
#[derive(Clone, Copy, PartialEq)]
enum About {
    /// Our number, whoever is texted.
    Number,
    /// Maria's number alone.
    Maria,
    /// The account, or the vendor as a whole.
    Channel,
}

struct Case {
    grief: Grief,
    about: About,
    /// On the lead's page, title and words.
    page: [&'static str; 2],
    /// On Deliveries.
    deliveries: &'static str,
    /// In the mail to the owner.
    owner: &'static str,
}

fn case(grief: Grief, about: About, page: [&'static str; 2], deliveries: &'static str, owner: &'static str) -> Case {
    Case { grief, about, page, deliveries, owner }
}

fn cases() -> Vec<Case> {
    use About::{Channel, Maria, Number};
    use Grief::{Down, Dropped, Refused};
    let unregistered = "Your number is not registered with the US carriers.";
    let landline = ["This number does not take texts.", "We sent email. Call instead."];
    let landline_row = "This number does not take texts. We sent email. Call instead.";
    vec![
        case(
            Dropped(30034),
            Number,
            [unregistered, KIT],
            "Your number is not registered with the US carriers. We sent email.",
            "Texts to customers are failing (carrier said: not registered). New leads get email until fixed.",
        ),
        case(
            Dropped(30032),
            Number,
            ["Your toll-free number is not verified with the US carriers.", KIT],
            "Your toll-free number is not verified with the US carriers. We sent email.",
            "Texts to customers are failing (carrier said: not verified). New leads get email until fixed.",
        ),
        case(
            Refused(21608),
            Number,
            ["The Twilio account is a trial account.", KIT],
            "The Twilio account is a trial account. We sent email.",
            "Texts to customers are failing (carrier said: trial account). New leads get email until fixed.",
        ),
        case(
            Refused(21610),
            Maria,
            ["Maria asked us not to text.", "You can still call."],
            "Maria asked us not to text. You can still call.",
            "asked not to get texts",
        ),
        case(Refused(21614), Maria, landline, landline_row, "call instead"),
        case(Refused(21635), Maria, landline, landline_row, "call instead"),
        case(Dropped(30006), Maria, landline, landline_row, "call instead"),
        case(
            Refused(21211),
            Maria,
            ["This is not a valid number.", "We sent email. Check it with them."],
            "This is not a valid number. We sent email. Check it with them.",
            "not a valid phone number",
        ),
        case(
            Dropped(30003),
            Maria,
            ["Their phone is off or out of reach.", "We sent email. Call, or text again later."],
            "Their phone is off or out of reach. We sent email. Call, or text again later.",
            "switched off or out of reach",
        ),
        case(
            Dropped(30005),
            Maria,
            ["This number is not in service.", "We sent email. Check it with them."],
            "This number is not in service. We sent email. Check it with them.",
            "not in service",
        ),
        case(
            Dropped(30007),
            Maria,
            ["The carrier took the text for unwanted mail.", "We sent email. Call instead."],
            "The carrier took the text for unwanted mail. We sent email. Call instead.",
            "unwanted mail",
        ),
        case(
            Down(Fault::TooMany { retry_after: None }),
            Channel,
            ["Email to Maria", "asks us to slow down"],
            "asks us to slow down",
            "Texts are not getting through",
        ),
        case(
            Down(Fault::Refuse { status: 401, code: 20003 }),
            Channel,
            ["Email to Maria", "does not accept the account number and key"],
            "does not accept the account number and key",
            "Texts are not getting through",
        ),
        case(
            Down(Fault::Refuse { status: 403, code: 20006 }),
            Channel,
            ["Email to Maria", "This Twilio key may not send texts"],
            "This Twilio key may not send texts",
            "Texts are not getting through",
        ),
        case(
            Down(Fault::Refuse { status: 400, code: 30002 }),
            Channel,
            ["Email to Maria", "often an unpaid balance"],
            "often an unpaid balance",
            "Texts are not getting through",
        ),
    ]
}

struct Lead {
    name: &'static str,
    phone: &'static str,
    mail: &'static str,
}

const ANA: Lead = Lead { name: "Ana Bell", phone: "+15125551177", mail: "ana@example.com" };
const TOM: Lead = Lead { name: "Tom Becker", phone: "+15125552188", mail: "tom@example.com" };
const KIM: Lead = Lead { name: "Kim Park", phone: "+15125553199", mail: "kim@example.com" };

async fn asks(shop: &Shop, lead: &Lead) -> String {
    let id = shop.post_form(&[("name", lead.name), ("phone", lead.phone), ("email", lead.mail)]).await.lead();
    shop.works().await;
    id
}

#[tokio::test]
async fn whatever_keeps_a_text_from_a_lead_they_are_answered_the_owner_knows_and_texts_come_back() {
    for case in cases() {
        let shop = Shop::open().await;
        match case.grief {
            Grief::Refused(code) => shop.twilio.whenever(MARIA, Fault::Refuse { status: 400, code }),
            Grief::Down(fault) => shop.twilio.whenever("", fault),
            Grief::Dropped(_) => {}
        }

        let lead = shop.post_form(ENQUIRY).await.lead();
        if let Grief::Dropped(code) = case.grief {
            let text = shop.phone(MARIA).expects_text("Hi Maria");
            shop.carrier_says(&text, "undelivered", Some(code)).await;
        }
        shop.passes(14 * MINUTE).await;

        // Answered, told once, said in words.
        shop.inbox(MARIA_MAIL).expects_mail("Harbor Plumbing got your message");
        assert!(shop.lead(&lead).await["first_text_at"].is_string());
        shop.inbox(DAVE_MAIL).expects_mail("Open this lead");
        shop.inbox(DAVE_MAIL).expects_mail(case.owner);
        let office = shop.office().await;
        let page = office.opens(&format!("/b/harbor/leads/{lead}")).await;
        assert!(case.page.iter().all(|words| page.contains(words)), "{:?}: {page}", case.page);
        let deliveries = office.opens("/b/harbor/deliveries").await;
        assert!(deliveries.contains(case.deliveries), "{}: {deliveries}", case.deliveries);
        assert_eq!(deliveries.contains(KIT), case.about == About::Number, "{deliveries}");

        // The next one.
        shop.passes(10 * MINUTE).await;
        match case.about {
            About::Number => {
                shop.phone(DAVE).expects_text("New lead: Maria");
                the_number_is_spared_until_a_probe_arrives(&shop, case.grief).await;
                // Where the carriers reach nobody by text, his phone rings as well.
                assert_eq!(shop.has_rung() > 0, matches!(case.grief, Grief::Dropped(_)));
            }
            About::Maria => {
                shop.phone(DAVE).expects_text("New lead: Maria");
                asks(&shop, &ANA).await;
                shop.phone(ANA.phone).expects_text("Hi Ana");
                shop.owner_is_told("New lead: Ana");
            }
            About::Channel => the_channel_comes_back(&shop).await,
        }
    }
}

/// New leads get mail at once; after an hour one of them is texted again, and once that arrives all are.
async fn the_number_is_spared_until_a_probe_arrives(shop: &Shop, grief: Grief) {
    let lead = asks(shop, &ANA).await;
    shop.phone(ANA.phone).is_quiet();
    shop.inbox(ANA.mail).expects_mail("got your message");
    shop.owner_is_told("New lead: Ana");
    let told = shop.lead(&lead).await["events"].to_string();
    assert!(told.contains("Mail instead of a text: "), "{told}");

    // It is not over yet: the probe is dropped, said by mail, and nobody hears of it again.
    shop.passes(61 * MINUTE).await;
    if let Grief::Refused(code) = grief {
        shop.twilio.whenever(TOM.phone, Fault::Refuse { status: 400, code });
    }
    asks(shop, &TOM).await;
    if let Grief::Dropped(code) = grief {
        let probe = shop.phone(TOM.phone).expects_text("Hi Tom");
        shop.carrier_says(&probe, "undelivered", Some(code)).await;
    }
    shop.passes(20 * MINUTE).await;
    shop.inbox(TOM.mail).expects_mail("got your message");
    shop.owner_is_told("New lead: Tom");

    shop.twilio.heal();
    shop.passes(61 * MINUTE).await;
    asks(shop, &KIM).await;
    let probe = shop.phone(KIM.phone).expects_text("Hi Kim");
    shop.carrier_says(&probe, "delivered", None).await;
    shop.owner_is_told("New lead: Kim");
    let again = Lead { name: "Lee Wong", phone: "+15125554100", mail: "lee@example.com" };
    shop.passes(MINUTE).await;
    asks(shop, &again).await;
    shop.phone(again.phone).expects_text("Hi Lee");
    shop.owner_is_told("New lead: Lee");
    assert!(!shop.office().await.opens("/b/harbor/today").await.contains(KIT));
}

/// Everybody is answered by mail within two minutes, the owner hears no more of it, and what is still worth sending goes.
async fn the_channel_comes_back(shop: &Shop) {
    asks(shop, &ANA).await;
    shop.passes(2 * MINUTE).await;
    shop.inbox(ANA.mail).expects_mail("got your message");
    shop.inbox(DAVE_MAIL).expects_mail("Ana Bell");

    shop.twilio.heal();
    shop.passes(3 * MINUTE).await;

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.phone(ANA.phone).expects_text("Hi Ana");
    let mut told = [shop.phone(DAVE).expects_text("New lead").body, shop.phone(DAVE).expects_text("New lead").body];
    told.sort();
    assert!(told[0].contains("Ana Bell") && told[1].contains("Maria Lopez"), "{told:?}");
    asks(shop, &TOM).await;
    shop.phone(TOM.phone).expects_text("Hi Tom");
    shop.owner_is_told("New lead: Tom");
}
