//! The form that we host for a business at `/f/{slug}`: which words stand beside its box, where its submissions come in.
//!
//! Every business has one from its first day, without a row and without a source: the source is made when the first
//! submission comes, so that opening a page makes nothing.

pub mod store;

use crate::base::ids::{BusinessId, SourceId};

/// The most characters of the words beside the box.
pub const WORDS_MAX: usize = 500;

/// What was settled about the form of a business.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OwnForm {
    /// Whose it is.
    pub business_id: BusinessId,
    /// Where its submissions come in; `None` = none came yet.
    pub source_id: Option<SourceId>,
    /// The business's own words beside the box; `None` = the usual ones.
    pub consent: Option<String>,
}

impl OwnForm {
    /// The form of a business that settled nothing.
    pub fn usual(business_id: BusinessId) -> Self {
        Self { business_id, source_id: None, consent: None }
    }

    /// The words beside the box.
    pub fn words(&self, shop: &str) -> String {
        self.consent.clone().unwrap_or_else(|| usual_words(shop))
    }
}

/// The words beside the box where the business has none of its own: who texts, about what, that it is no condition,
/// what it may cost, how to stop it.
pub fn usual_words(shop: &str) -> String {
    format!(
        "I agree that {shop} may text me about this request at the number above, also automatically. This is no \
         condition of buying anything. Message and data rates may apply. Reply STOP to opt out, HELP for help."
    )
}

/// What is missing in words that a business wrote, if something is: they must name who texts and how to stop it.
pub fn lacks(words: &str, shop: &str) -> Option<&'static str> {
    let lower = words.to_lowercase();
    if !lower.contains(&shop.to_lowercase()) {
        return Some("Name the business in it: people must know who will text them.");
    }
    if !words.contains("STOP") {
        return Some("Say in it that they can reply STOP.");
    }
    if !lower.contains("text") && !lower.contains("sms") {
        return Some("Say in it that you will text them.");
    }
    if !lower.contains("rates") {
        return Some("Say in it that message and data rates may apply.");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_words_lack_nothing_and_less_does() {
        let words = usual_words("Harbor Plumbing");

        assert_eq!(lacks(&words, "Harbor Plumbing"), None);
        assert!(words.chars().count() < WORDS_MAX);
        assert!(lacks(&words, "Rival Heating").unwrap().contains("Name the business"));
        assert!(lacks(&words.replace("STOP", "stop it"), "Harbor Plumbing").unwrap().contains("STOP"));
        assert!(lacks("Harbor Plumbing: STOP, rates", "Harbor Plumbing").unwrap().contains("text them"));
        assert!(lacks("Harbor Plumbing may text me. STOP", "Harbor Plumbing").unwrap().contains("rates"));
    }
}
