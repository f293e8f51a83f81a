//! How each sender is connected, read from its guide in `docs/connect/`: the page and the document are one text.
//!
//! A guide is a heading, numbered steps, facts that each begin with a bold label, and code to paste. `**bold**` and
//! `` `code` `` are all the markup that it knows.

use std::sync::OnceLock;

/// A guide, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guide {
    /// The provider's id.
    pub id: &'static str,
    /// What to click, in order.
    pub steps: Vec<Vec<Run>>,
    /// What to paste there, with [`ADDRESS`] where the address belongs.
    pub code: Vec<String>,
    /// Label and words of each fact.
    facts: Vec<(&'static str, Vec<Run>)>,
}

/// Words of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// `b`, `code`, or nothing.
    pub tag: &'static str,
    /// The words.
    pub words: String,
}

/// What stands for the address of a source in the guides.
pub const ADDRESS: &str = "https://your.server/in/…";

macro_rules! guides {
    ($($id:literal),+ $(,)?) => {
        /// Every guide's id and text.
        const TEXTS: &[(&str, &str)] = &[$(($id, include_str!(concat!("../../docs/connect/", $id, ".md")))),+];
    };
}

guides![
    "acuity",
    "basin",
    "braintree",
    "cal-com",
    "calendly",
    "carrd",
    "cognito-forms",
    "contact-form-7",
    "custom-hmac",
    "elementor",
    "fillout",
    "fluent-forms",
    "formspree",
    "formstack",
    "framer",
    "generic",
    "gocardless",
    "google-ads",
    "google-forms",
    "gravityforms",
    "gumroad",
    "hubspot",
    "intercom",
    "jotform",
    "leadbell-form",
    "lemonsqueezy",
    "linkedin",
    "make",
    "meta",
    "mollie",
    "n8n",
    "netlify",
    "ninja-forms",
    "paddle",
    "paperform",
    "paypal",
    "razorpay",
    "shopify",
    "square",
    "squarespace",
    "standard-webhooks",
    "stripe",
    "tally",
    "tiktok",
    "twilio",
    "typebot",
    "typeform",
    "unbounce",
    "web3forms",
    "webflow",
    "wix",
    "woocommerce",
    "wpforms",
    "zapier",
];

/// The guide of a provider.
pub fn find(id: &str) -> Option<&'static Guide> {
    static ALL: OnceLock<Vec<Guide>> = OnceLock::new();
    ALL.get_or_init(|| TEXTS.iter().map(|(id, text)| parse(id, text)).collect()).iter().find(|guide| guide.id == id)
}

impl Guide {
    /// The words of a fact: `Told in advance`, `Secret`, `Arrives` …
    pub fn fact(&self, label: &str) -> Option<&[Run]> {
        self.facts.iter().find(|(name, _)| *name == label).map(|(_, runs)| runs.as_slice())
    }

    /// The same to be kept; empty where it says nothing.
    pub fn told(&self, label: &str) -> Vec<Run> {
        self.fact(label).map(<[Run]>::to_vec).unwrap_or_default()
    }

    /// The same where it stands by itself.
    pub fn sentence(&self, label: &str) -> Vec<Run> {
        let mut runs = self.told(label);
        if let Some(first) = runs.first_mut().filter(|first| first.tag != "code") {
            let mut letters = first.words.chars();
            first.words = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        }
        runs
    }

    /// What to paste, with the address in its place.
    pub fn code_for(&self, address: &str) -> Vec<String> {
        self.code.iter().map(|code| code.replace(ADDRESS, address)).collect()
    }
}

fn parse(id: &'static str, text: &'static str) -> Guide {
    let mut guide = Guide { id, ..Guide::default() };
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            guide.code.push(code.join("\n"));
        } else if let Some((number, step)) = line.split_once(". ")
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
        {
            guide.steps.push(runs(step));
        } else if let Some((label, words)) = line.strip_prefix("**").and_then(|rest| rest.split_once(":** ")) {
            guide.facts.push((label, runs(words)));
        }
    }
    guide
}

/// Splits a line at its marks.
fn runs(line: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    for (at, piece) in line.split('`').enumerate() {
        if at % 2 == 1 {
            runs.push(Run { tag: "code", words: piece.to_owned() });
            continue;
        }
        for (at, piece) in piece.split("**").enumerate().filter(|(_, piece)| !piece.is_empty()) {
            runs.push(Run { tag: if at % 2 == 1 { "b" } else { "" }, words: piece.to_owned() });
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::providers;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn words(runs: &[Run]) -> String {
        runs.iter().map(|run| run.words.as_str()).collect()
    }

    #[test]
    fn every_provider_has_a_guide_and_every_guide_a_provider() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/connect");
        let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let files: BTreeSet<String> =
            files.filter(|name| name != "README.md").map(|name| name.trim_end_matches(".md").to_owned()).collect();
        let providers: BTreeSet<String> = providers::all().iter().map(|p| p.id().to_owned()).collect();
        let compiled: BTreeSet<String> = TEXTS.iter().map(|(id, _)| (*id).to_owned()).collect();

        assert_eq!(files, providers);
        assert_eq!(compiled, providers);
        let index = std::fs::read_to_string(folder.join("README.md")).unwrap();
        let missing: Vec<&String> = providers.iter().filter(|id| !index.contains(&format!("({id}.md)"))).collect();
        assert_eq!(missing, [""; 0], "not in docs/connect/README.md");
    }

    #[test]
    fn every_guide_says_what_to_click_what_arrives_and_what_it_is_based_on() {
        for provider in providers::all() {
            let guide = find(provider.id()).unwrap();
            let text = TEXTS.iter().find(|(id, _)| *id == provider.id()).unwrap().1;
            let id = guide.id;

            assert!(guide.steps.len() >= 2, "{id}: {} steps", guide.steps.len());
            for label in ["Arrives", "Signature", "Again", "Told in advance", "Nothing arriving"] {
                assert!(guide.fact(label).is_some(), "{id} does not say: {label}");
            }
            assert_eq!(guide.fact("Secret").is_some(), provider.signed(), "{id}: where its secret is");
            let token = guide.fact("Token").map(words);
            let asked = provider.asking().map(|asking| asking.token.split([',', '(']).next().unwrap().trim());
            assert_eq!(token.is_some(), asked.is_some(), "{id}: where its API token is");
            assert!(asked.is_none_or(|needs| token.unwrap().contains(needs)), "{id}: which API token it is");
            assert!(text.contains("\nBased on "), "{id} does not say what it is based on");
            assert!((10..=60).contains(&text.lines().count()), "{id}: {} lines", text.lines().count());
            let all = guide.steps.iter().chain(guide.facts.iter().map(|(_, runs)| runs));
            for line in all.map(|runs| words(runs)) {
                assert!(!line.contains("**") && !line.contains('`') && !line.contains("]("), "{id}: {line}");
            }
        }
    }

    #[test]
    fn what_is_to_be_pasted_carries_the_address() {
        let address = "https://leads.example.com/in/abc";

        for id in ["generic", "google-forms"] {
            let code = find(id).unwrap().code_for(address);
            assert!(code.iter().any(|code| code.contains(address)), "{id}");
            assert!(!code.iter().any(|code| code.contains("your.server")), "{id}");
        }
    }

    #[test]
    fn bold_and_code_are_told_apart() {
        let line = runs("Open **Apps**, then `Webhooks`.");

        let tags: Vec<(&str, &str)> = line.iter().map(|run| (run.tag, run.words.as_str())).collect();
        assert_eq!(tags, [("", "Open "), ("b", "Apps"), ("", ", then "), ("code", "Webhooks"), ("", ".")]);
    }
}
