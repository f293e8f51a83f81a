//! One opening of our form: when it was and which, in a hidden field that only this installation can make. It tells how
//! long somebody typed, and the second press of a button from a second message.

use crate::base::ids::new_code;
use crate::base::keys::Keys;
use crate::base::random::Random;

/// What came with a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// None: a copy of the form in another page.
    Missing,
    /// One that we did not make, or not for this shop.
    Forged,
    /// One of ours.
    Ours {
        /// How long the page was open, in milliseconds; negative if the clock was set back.
        age_ms: i64,
        /// Which opening it was.
        view: String,
    },
}

const LABEL: &str = "own form";

/// A stamp for a page that is drawn now.
pub fn make(keys: &Keys, random: &Random, business: &str, now_ms: i64) -> String {
    let view = new_code(random);
    let tag = keys.tag(LABEL, &format!("{business}.{now_ms}.{view}"));
    format!("{now_ms}.{view}.{tag}")
}

/// What a stamp says.
pub fn read(keys: &Keys, stamp: &str, business: &str, now_ms: i64) -> Stamp {
    let mut parts = stamp.trim().splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(""), None, None) => Stamp::Missing,
        (Some(at), Some(view), Some(tag)) if keys.tag_is_right(LABEL, &format!("{business}.{at}.{view}"), tag) => {
            match at.parse::<i64>() {
                Ok(at) => Stamp::Ours { age_ms: now_ms - at, view: view.to_owned() },
                Err(_) => Stamp::Forged,
            }
        }
        _ => Stamp::Forged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_tells_its_age_and_view_to_the_house_and_shop_that_made_it_only() {
        let (keys, random) = (Keys::new([7; 32]), Random::seeded(3));
        let stamp = make(&keys, &random, "harbor", 1_000);
        let other = make(&keys, &random, "harbor", 1_000);

        let Stamp::Ours { age_ms, view } = read(&keys, &stamp, "harbor", 5_500) else { panic!("it is ours") };

        assert_eq!(age_ms, 4_500);
        assert!(stamp.contains(&view) && !other.contains(&view));
        assert_eq!(read(&keys, "", "harbor", 5_500), Stamp::Missing);
        assert_eq!(read(&keys, &stamp, "rival", 5_500), Stamp::Forged);
        assert_eq!(read(&Keys::new([8; 32]), &stamp, "harbor", 5_500), Stamp::Forged);
        let older = stamp.replacen("1000", "900", 1);
        for forged in [older.as_str(), "x", "1000", "1000.view", "1000.view.tag", "..", &stamp[..stamp.len() - 1]] {
            assert_eq!(read(&keys, forged, "harbor", 5_500), Stamp::Forged, "{forged}");
        }
    }
}
