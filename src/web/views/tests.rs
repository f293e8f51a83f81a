//! Every page with made-up data: its shape (snapshots), its words, and the rules of the house that all pages obey.
//!
//! The pages are also written to `target/pages/`, to be looked at in a browser.

use super::owner::OwnerState;
use super::receipts::Submissions;
use super::samples::*;
use super::today::{Period, Start};
use super::{chrome::Here, public};
use askama::Template;
use std::path::Path;

fn owner_states() -> Vec<(&'static str, OwnerState)> {
    vec![
        ("owner-open", OwnerState::Open),
        ("owner-yours", OwnerState::Yours { since: "2:15 pm".into() }),
        ("owner-theirs", OwnerState::Theirs { who: "Ana".into(), since: "2:16 pm".into() }),
        ("owner-ask", OwnerState::AskReached),
        ("owner-done", OwnerState::Done { words: "You talked at 2:17 pm.".into() }),
        ("owner-expired", OwnerState::Expired),
    ]
}

fn all_pages() -> Vec<(&'static str, String)> {
    let mut pages = vec![
        ("today", today().render().unwrap()),
        ("today-few", first_day().render().unwrap()),
        ("today-listening", empty_day(Start::NoLeadsYet { since: "2:02 pm".into() }).render().unwrap()),
        ("today-nothing", empty_day(Start::NoSource).render().unwrap()),
        ("leads", leads().render().unwrap()),
        ("lead", lead().render().unwrap()),
        ("lead-waiting", waiting_lead().render().unwrap()),
        ("sources", sources().render().unwrap()),
        ("sources-first", first_source().render().unwrap()),
        ("receipt", receipt().render().unwrap()),
        ("receipt-again", receipt_again().render().unwrap()),
        ("submissions", submissions().render().unwrap()),
        ("submissions-none", Submissions { rows: Vec::new(), next: None, ..submissions() }.render().unwrap()),
        ("setup", super::setup::Setup::new("t0k3n", &super::setup::Typed::default()).render().unwrap()),
        ("setup-wrong", setup_with_mistakes().render().unwrap()),
        ("login", login().render().unwrap()),
        ("link", link().render().unwrap()),
        ("more", account().render().unwrap()),
        ("team", team().render().unwrap()),
        ("businesses", businesses().render().unwrap()),
        ("phones", phones().render().unwrap()),
        ("health", health().render().unwrap()),
        ("report", report().render().unwrap()),
        ("registration", registration().render().unwrap()),
        ("status", status().render().unwrap()),
        ("thanks", public::thanks("Harbor Plumbing", Some("https://harbor.example/contact")).render().unwrap()),
        ("address-works", public::address_works(Some("2:14 pm")).render().unwrap()),
        ("wrong-address", public::wrong_address().render().unwrap()),
        ("not-set-up", public::not_set_up().render().unwrap()),
        ("failed", public::failed("7kq2", "/b/harbor/today").render().unwrap()),
    ];
    pages.extend(owner_states().into_iter().map(|(name, state)| (name, owner(state).render().unwrap())));
    pages
}

#[test]
fn every_page_obeys_the_rules_of_the_house() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, html) in all_pages() {
        std::fs::write(folder.join(name).with_extension("html"), &html).unwrap();

        assert_eq!(html.matches("<h1").count(), 1, "{name}: one h1");
        assert_eq!(html.matches("<main").count(), 1, "{name}: one main");
        assert!(html.contains("<html lang="), "{name}: a language");
        for banned in [" style=", "<style", "<script>", "javascript:", " onclick", " onload", " onerror", "leadbell</"]
        {
            assert!(!html.contains(banned), "{name}: {banned}");
        }
        for form in html.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap()) {
            let public = ["/login", "/setup/", "/in/"].iter().any(|open| form.contains(&format!("action=\"{open}")));
            assert!(form.contains("method=\"get\"") || public || form.contains("name=\"csrf\""), "{name}: {form}");
        }
        for asset in html.split("/static/").skip(1) {
            assert!(asset.split('"').next().unwrap().contains("?v="), "{name}: an asset that does not exist");
        }
        assert_no_id_twice(name, &html);
        assert_every_field_has_a_label(name, &html);
    }
}

fn assert_no_id_twice(name: &str, html: &str) {
    let mut ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{name}: an id twice in {ids:?}");
}

fn assert_every_field_has_a_label(name: &str, html: &str) {
    for field in ["<input", "<select", "<textarea"].iter().flat_map(|tag| html.split(tag).skip(1)) {
        let field = field.split('>').next().unwrap();
        if ["type=\"hidden\"", "type=\"radio\"", "type=\"checkbox\""].iter().any(|kind| field.contains(kind)) {
            continue;
        }
        let id = field.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        assert!(
            html.contains(&format!("<label for=\"{id}\"")) || html.contains(&format!("for=\"{id}\">")),
            "{name}: {field}"
        );
    }
}

/// The parts of a page that are its own, without the frame that every page shares.
fn own(html: &str) -> String {
    let main = html.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    format!("<main{main}</main>\n")
}

#[test]
fn the_main_pages_keep_their_shape() {
    insta::assert_snapshot!("today", own(&today().render().unwrap()));
    insta::assert_snapshot!("leads", own(&leads().render().unwrap()));
    insta::assert_snapshot!("lead", own(&lead().render().unwrap()));
    insta::assert_snapshot!("sources", own(&sources().render().unwrap()));
    insta::assert_snapshot!("receipt", own(&receipt().render().unwrap()));
    insta::assert_snapshot!("submissions", own(&submissions().render().unwrap()));
    insta::assert_snapshot!("registration", own(&registration().render().unwrap()));
    insta::assert_snapshot!("report", own(&report().render().unwrap()));
    insta::assert_snapshot!("team", own(&team().render().unwrap()));
    insta::assert_snapshot!("businesses", own(&businesses().render().unwrap()));
    insta::assert_snapshot!("status", own(&status().render().unwrap()));
    insta::assert_snapshot!("owner", own(&owner(OwnerState::Open).render().unwrap()));
}

#[test]
fn the_frame_keeps_its_shape() {
    let html = account().render().unwrap();
    let head = html.split("<svg class=\"sprite\"").next().unwrap();
    let rail = html.split("<div class=\"shell\">").nth(1).unwrap().split("<main").next().unwrap();
    let tabs = html.split("</main>").nth(1).unwrap();

    insta::with_settings!({filters => vec![(r"\?v=[0-9a-f]+", "?v=[hash]")]}, {
        insta::assert_snapshot!("frame", format!("{head}{rail}{tabs}"));
    });
}

#[test]
fn what_a_stranger_types_stays_text_on_every_page() {
    const EVIL: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let mut a = today();
    a.waiting[0].name = EVIL.into();
    a.waiting[0].say = EVIL.into();
    a.waiting[0].source = EVIL.into();
    a.waiting[0].reach.first = EVIL.into();
    a.latest[0].say = EVIL.into();
    a.notices[0].text = EVIL.into();
    a.chrome.shop = EVIL.into();
    let mut b = lead();
    b.name = EVIL.into();
    b.say = EVIL.into();
    b.about = EVIL.into();
    b.fields.push((EVIL.into(), EVIL.into()));
    b.consent = EVIL.into();
    b.raw[0].text = EVIL.into();
    b.happened[7].title = EVIL.into();
    b.deliveries[0].reason = Some(EVIL.into());
    let mut c = leads();
    c.q = EVIL.into();
    c.waiting[0].name = EVIL.into();
    c.narrowed = Some(EVIL.into());
    let mut d = sources();
    d.sources[0].name = EVIL.into();
    d.form_link = EVIL.into();
    let mut e = owner(OwnerState::Theirs { who: EVIL.into(), since: "2 pm".into() });
    e.name = EVIL.into();
    e.say = EVIL.into();
    let mut f = phones();
    f.phones[0].texts[0].words = EVIL.into();
    f.mails[0].subject = EVIL.into();
    let mut h = receipt();
    h.source.1 = EVIL.into();
    h.notice.text = EVIL.into();
    h.reading.push((EVIL.into(), EVIL.into()));
    h.headers.push((EVIL.into(), EVIL.into()));
    h.query.push((EVIL.into(), EVIL.into()));
    h.body = super::receipts::look(EVIL.as_bytes());
    let mut i = submissions();
    i.name = EVIL.into();
    i.rows[0].explain = EVIL.into();
    let mut j = team();
    j.steps[0].who = EVIL.into();
    j.people[0].name = EVIL.into();
    j.people[0].form.lines[0].value = EVIL.into();
    j.new_person.lines[0].wrong = Some(EVIL.into());
    let mut k = businesses();
    k.rows[0].name = EVIL.into();
    k.rows[0].sources.about = EVIL.into();
    let g = public::thanks(EVIL, Some("javascript:alert(1)"));

    let pages = [
        a.render(),
        b.render(),
        c.render(),
        d.render(),
        e.render(),
        f.render(),
        g.render(),
        h.render(),
        i.render(),
        j.render(),
        k.render(),
    ];

    for html in pages.map(Result::unwrap) {
        assert!(html.contains("&#60;script&#62;alert(1)"), "the words are there, as text");
        assert!(!html.contains("<script>alert") && !html.contains("<img") && !html.contains("javascript:"));
    }
}

#[test]
fn a_link_that_has_run_out_tells_nothing_of_the_lead() {
    let html = owner(OwnerState::Expired).render().unwrap();

    assert!(html.contains("This link has run out."));
    for told in ["Maria", "555-0142", "5550142", "Kitchen", "2:14 pm"] {
        assert!(!html.contains(told), "{told}");
    }
}

#[test]
fn a_lead_that_someone_else_has_is_not_passed_on() {
    let theirs = owner(OwnerState::Theirs { who: "Ana".into(), since: "2:16 pm".into() }).render().unwrap();

    assert!(theirs.contains("Ana has it since 2:16 pm.") && theirs.contains("Take it anyway"));
    assert!(!theirs.contains("Pass on to"));
    assert!(owner(OwnerState::Open).render().unwrap().contains("Pass on to Ana"));
}

#[test]
fn nobody_waiting_says_who_was_last() {
    let mut page = today();
    page.waiting.clear();

    assert!(page.render().unwrap().contains("Nobody is waiting. Last one: Priya, answered in 41 s."));
}

#[test]
fn the_middle_lead_without_an_answer_makes_the_headline_not_yet() {
    let mut page = today();
    page.typical_ms = None;

    let html = page.render().unwrap();

    assert!(html.contains("class=\"big notyet\""));
    assert!(html.contains("6m 05s last week"));
}

#[test]
fn below_five_leads_no_figure_is_shown_and_the_leads_are_listed() {
    let html = first_day().render().unwrap();

    assert!(html.contains("Charts start at 5 leads. You have 3."));
    assert!(!html.contains("class=\"big"));
    assert!(html.contains("<ul class=\"leads short\">"));
    assert_eq!(html.matches("Priya Nair").count(), 1, "the same leads are not listed twice");
}

#[test]
fn what_is_left_out_of_the_numbers_is_counted_in_view() {
    let mut page = today();
    assert_eq!(page.left_out().as_deref(), Some("2 tests and 1 spam left out."));

    (page.tests, page.spam, page.joined) = (0, 0, 0);
    assert_eq!(page.left_out(), None);

    (page.tests, page.spam, page.joined) = (1, 3, 2);
    assert_eq!(page.left_out().as_deref(), Some("1 test, 3 spam and 2 second forms or repeats left out."));
}

#[test]
fn the_change_names_what_it_is_compared_with() {
    let mut page = today();
    assert_eq!(page.delta().unwrap().words, "2m 25s faster than last week");

    page.period = Period::Today;
    page.typical_before_ms = Some(Some(100_000));
    let slower = page.delta().unwrap();
    assert_eq!((slower.words.as_str(), slower.class), ("2m 00s slower than yesterday", "slow"));

    page.typical_before_ms = None;
    assert_eq!(page.delta(), None);
}

#[test]
fn a_shop_at_its_start_is_told_the_next_step() {
    let nothing = empty_day(Start::NoSource).render().unwrap();
    let listening = empty_day(Start::NoLeadsYet { since: "2:02 pm".into() }).render().unwrap();

    assert!(nothing.contains("Connect your first form.") && nothing.contains("It takes about three minutes."));
    assert!(
        listening.contains("Listening since 2:02 pm.") && listening.contains("The first lead shows up here by itself.")
    );
    assert!(listening.contains("Texting is not connected:"));
}

#[test]
fn a_mistake_at_set_up_keeps_what_was_typed_but_never_the_password() {
    let html = setup_with_mistakes().render().unwrap();

    assert!(html.contains("value=\"dave@harbor\"") && html.contains("aria-describedby=\"email-h email-e\""));
    assert!(html.contains("<a href=\"#mobile\">"));
    assert!(html.contains("<option value=\"America/Chicago\" selected>"));
    assert!(!html.contains("value=\"short\""));
}

#[test]
fn a_page_that_does_not_exist_is_never_linked() {
    let chrome = chrome(Here::Today);

    let hrefs: Vec<String> = chrome.rail().into_iter().map(|entry| entry.href).collect();

    assert_eq!(
        hrefs,
        [
            "/b/harbor/today",
            "/b/harbor/leads",
            "/b/harbor/sources",
            "/b/harbor/team",
            "/b/harbor/messages",
            "/b/harbor/deliveries",
            "/health",
            "/b/harbor/more"
        ]
    );
    assert!(chrome.tabs().len() == 4);
}

#[test]
fn no_template_breaks_the_policy_against_inline_script_and_style() {
    let mut seen = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/admin")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let name = entry.file_name();
            for banned in ["style=", "|safe", "| safe", "<script>", "<style", "fill=\"#", "stroke=\"#"] {
                assert!(!text.contains(banned), "{name:?}: {banned}");
            }
            let handlers = text.split_whitespace().filter(|word| {
                let attribute = word.split('=').next().unwrap_or_default();
                word.contains('=') && attribute.starts_with("on") && attribute.chars().all(|c| c.is_ascii_lowercase())
            });
            assert_eq!(handlers.count(), 0, "{name:?}: an inline handler");
            seen += 1;
        }
    }
    assert!(seen > 20);
}
