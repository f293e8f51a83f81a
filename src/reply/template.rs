//! Words of a shop's own, with names in braces from a closed list: `Hi {first}, {shop} here.` No logic, nothing nested, and
//! what is filled in is never read again, so that nobody can write a template through a form.
//!
//! [`faults`] says what a text that answers by itself must not do. It has to name the shop, say how to stop, hold no
//! shortened links and fit two parts (carriers' rules and 47 CFR 64.1200; see `docs/numbers.md` for what counts as one).

use crate::base::sms;
use std::borrow::Cow;

/// Longest template, in characters.
pub const BODY_MAX: usize = 480;
/// Most parts that an automatic text may have.
const PARTS_MAX: u32 = 2;
/// Hosts that hide where a link leads; carriers block texts with them.
const SHORTENERS: [&str; 10] =
    ["bit.ly", "tinyurl.com", "goo.gl", "t.co", "ow.ly", "is.gd", "buff.ly", "rebrand.ly", "cutt.ly", "shorturl.at"];

/// What stands for the names.
#[derive(Clone, Debug)]
pub struct Values<'a> {
    /// The given name, cleaned; `there` where nothing clean was given.
    pub first: Cow<'a, str>,
    /// The shop.
    pub shop: Cow<'a, str>,
    /// Who calls.
    pub owner: Cow<'a, str>,
    /// From which number.
    pub phone: Cow<'a, str>,
    /// When the shop opens.
    pub open: Cow<'a, str>,
    /// What was paid.
    pub amount: Cow<'a, str>,
    /// By when somebody calls.
    pub time: Cow<'a, str>,
}

impl Values<'_> {
    fn of(&self, name: &str) -> Option<&str> {
        Some(match name {
            "first" => &self.first,
            "shop" => &self.shop,
            "owner" => &self.owner,
            "phone" => &self.phone,
            "open" => &self.open,
            "amount" => &self.amount,
            "time" => &self.time,
            _ => return None,
        })
    }
}

/// A piece of a template.
enum Piece<'a> {
    Text(&'a str),
    Name(&'a str),
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else { break };
        let name = &rest[start + 1..start + length];
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase()) {
            pieces.push(Piece::Text(&rest[..=start]));
            rest = &rest[start + 1..];
            continue;
        }
        pieces.extend([Piece::Text(&rest[..start]), Piece::Name(name)]);
        rest = &rest[start + length + 1..];
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The words, filled in, in plain GSM characters where there are such. Names outside the list stay as they are.
pub fn fill(template: &str, values: &Values<'_>) -> String {
    sms::to_gsm(&fill_in(template, values))
}

/// The same for a mail: letters stay as they are, and the sentence that says STOP goes, which ends texts alone.
pub fn fill_mail(template: &str, values: &Values<'_>) -> String {
    let says_stop = |sentence: &&str| sentence.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "STOP");
    let kept = template.split_inclusive(['.', '!', '?', '\n']).filter(|sentence| !says_stop(sentence));
    fill_in(kept.collect::<String>().trim(), values)
}

fn fill_in(template: &str, values: &Values<'_>) -> String {
    let one = |piece: &Piece<'_>| match piece {
        Piece::Text(text) => (*text).to_owned(),
        Piece::Name(name) => values.of(name).map_or_else(|| format!("{{{name}}}"), str::to_owned),
    };
    pieces(template).iter().map(one).collect()
}

/// What is wrong with words that answer by themselves, each in a sentence for whoever wrote them. `names` are those that
/// this text can be filled with; `values` are examples.
pub fn faults(template: &str, names: &[&str], values: &Values<'_>) -> Vec<Cow<'static, str>> {
    let mut faults: Vec<Cow<'static, str>> = Vec::new();
    let used: Vec<&str> = pieces(template)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Name(name) => Some(name),
            Piece::Text(_) => None,
        })
        .collect();
    for unknown in used.iter().filter(|name| !names.contains(name)) {
        let list = names.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
        faults.push(format!("{{{unknown}}} cannot be filled in here. There are {list}.").into());
    }
    let filled = fill(template, values);
    let lower = filled.to_lowercase();
    if !used.contains(&"shop") && !lower.contains(&values.shop.to_lowercase()) {
        faults.push("It must name your shop: write {shop}.".into());
    }
    if !filled.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "STOP") {
        faults.push("It must say how to stop: write STOP to opt out.".into());
    }
    let host = |host: &&&str| lower.split(|c: char| c.is_whitespace() || c == '/').any(|word| word == **host);
    if let Some(host) = SHORTENERS.iter().find(host) {
        faults.push(format!("Carriers block shortened links ({host}). Write the whole address.").into());
    }
    let parts = sms::parts(&filled).segments;
    if parts > PARTS_MAX {
        let wide = sms::encoding(&filled) == sms::Encoding::Ucs2;
        let why = if wide { " A character that plain texts do not have makes it longer." } else { "" };
        faults.push(format!("It has {parts} parts; at most {PARTS_MAX} are sent.{why} Write less.").into());
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const HARBOR: Values<'_> = Values {
        first: Cow::Borrowed("Maria"),
        shop: Cow::Borrowed("Harbor Plumbing"),
        owner: Cow::Borrowed("Dave"),
        phone: Cow::Borrowed("(512) 555-0100"),
        open: Cow::Borrowed("8:00 am"),
        amount: Cow::Borrowed("$150.00"),
        time: Cow::Borrowed("3:00 pm"),
    };
    const ALL: [&str; 3] = ["first", "shop", "owner"];

    fn wrong(template: &str) -> String {
        faults(template, &ALL, &HARBOR).join(" ")
    }

    #[test]
    fn names_are_filled_in_once_and_braces_of_others_stay() {
        assert_eq!(fill("Hi {first}, {shop} here. STOP", &HARBOR), "Hi Maria, Harbor Plumbing here. STOP");
        let sly = Values { first: "{shop}{{7*7}}".into(), ..HARBOR };
        assert_eq!(fill("{first} {nope} {First} { first } {", &sly), "{shop}{{7*7}} {nope} {First} { first } {");
    }

    #[test]
    fn a_mail_says_the_same_but_for_stop() {
        let table = [
            ("Hi {first}, {shop} here. Call by 3. STOP to opt out.", "Hi Maria, Harbor Plumbing here. Call by 3."),
            ("Olá {first}, {shop}. Reply STOP to end.\nThanks!", "Olá Maria, Harbor Plumbing.\nThanks!"),
            ("STOP", ""),
        ];
        for (template, expected) in table {
            assert_eq!(fill_mail(template, &HARBOR), expected, "{template}");
        }
    }

    #[test]
    fn whatever_is_written_comes_out_as_it_stands_or_filled_in() {
        for text in ["{{7*7}}", "{%if%}", "{first", "}{", "${shop}", "{{{first}}}", "{fi\u{301}rst}"] {
            let filled = fill(text, &HARBOR);
            assert!(!filled.contains("49"), "{text} became {filled}");
        }
        assert_eq!(fill("{{{first}}}", &HARBOR), "{{Maria}}");
        let long = "{first}".repeat(100_000);
        assert_eq!(fill(&long, &HARBOR).len(), 500_000);
    }

    #[test]
    fn a_text_that_breaks_a_rule_is_refused_with_the_reason() {
        let table = [
            ("Hi {first}, {shop} here. STOP to opt out.", ""),
            ("Hi {first}, harbor plumbing here. STOP to opt out.", ""),
            ("Hi {first}, we got it. STOP to opt out.", "name your shop"),
            ("Hi {first}, {shop} here.", "how to stop"),
            ("Hi {first}, {shop} here. Do not stop.", "how to stop"),
            ("{shop}: {message} STOP", "{message} cannot be filled in here. There are {first}, {shop}, {owner}."),
            ("{shop}: https://bit.ly/x STOP", "shortened links (bit.ly)"),
            ("{shop}: https://orbit.ly.example/x STOP", ""),
        ];
        for (template, expected) in table {
            let told = wrong(template);
            assert!(if expected.is_empty() { told.is_empty() } else { told.contains(expected) }, "{template}: {told}");
        }
        assert!(wrong(&format!("{{shop}} STOP {}", "x".repeat(300))).contains("It has 3 parts"));
        assert!(wrong(&format!("{{shop}} STOP \u{442}{}", "x".repeat(130))).contains("makes it longer"));
    }
}
