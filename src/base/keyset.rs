//! Leafing through a list by key: the place where a page ended, as an opaque word in an address.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The last row of a page in a list that runs from the newest to the oldest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its instant, UTC milliseconds.
    pub at: i64,
    /// Its id, which decides between rows of the same instant.
    pub id: String,
}

impl Place {
    /// The word for an address.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{} {}", self.at, self.id))
    }

    /// Reads it back; `None` for anything that [`Place::text`] did not write.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (at, id) = std::str::from_utf8(&bytes).ok()?.split_once(' ')?;
        let plain = !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric());
        plain.then_some(Self { at: at.parse().ok()?, id: id.to_owned() })
    }
}

/// Cuts rows that were read one too many down to `limit`, and says where the next page begins.
pub fn page<T>(mut rows: Vec<T>, limit: usize, place: impl Fn(&T) -> Place) -> (Vec<T>, Option<Place>) {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(place);
    (rows, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_the_way_through_an_address() {
        let place = Place { at: -3, id: "0abc".into() };

        assert_eq!(Place::parse(&place.text()), Some(place));
    }

    #[test]
    fn what_was_not_written_here_is_no_place() {
        for text in ["", "x", "MyA", "MTIz", "🙂", &URL_SAFE_NO_PAD.encode("1 a'b"), &URL_SAFE_NO_PAD.encode("x a")] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_page_that_is_just_full_is_the_last_one() {
        let place = |n: &i64| Place { at: *n, id: "a".into() };

        assert_eq!(page(vec![3, 2], 2, place), (vec![3, 2], None));
        assert_eq!(page(vec![3, 2, 1], 2, place), (vec![3, 2], Some(Place { at: 2, id: "a".into() })));
    }
}
