//! The mark of a browser that has signed in to an account before. It signs nobody in; it only keeps somebody else's
//! guessing from making the owner wait (see [`crate::account::throttle`]). A random name and a tag that only this
//! installation can make, bound to the account: `name.tag`.

use super::client::Client;
use super::{House, cookie};
use crate::account::throttle::Place;
use crate::base::ids::new_token;
use axum::http::HeaderMap;

/// As long as browsers keep any cookie: 400 days (RFC 6265bis §5.5).
pub const LASTS_SECS: i64 = 400 * 24 * 60 * 60;
/// What the tag is for.
const LABEL: &str = "known browser";

/// A new mark for a browser that signed in as `email` (in lower case).
pub fn mark(house: &House, email: &str) -> String {
    let name = new_token(&house.random);
    let tag = house.keys.tag(LABEL, &format!("{email} {name}"));
    format!("{name}.{tag}")
}

/// Where a try to sign in as `email` (in lower case) comes from.
pub fn place(house: &House, headers: &HeaderMap, client: &Client, email: &str) -> Place {
    let marked = cookie::read(house, headers, cookie::KNOWN).and_then(|mark| mark.split_once('.'));
    match marked {
        Some((name, tag)) if house.keys.tag_is_right(LABEL, &format!("{email} {name}"), tag) => {
            Place::Known(name.to_owned())
        }
        _ => Place::Stranger(client.network.clone()),
    }
}
