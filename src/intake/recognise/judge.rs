//! Whether what was read is somebody: a lead, a robot, or nothing that can be answered. Where it is not clear, it is a
//! lead: one taken for spam is a lost customer, one too many is looked at and closed.

use crate::lead::reading::{Kind, Reading};

/// Links that make an advertisement of a message without a number.
const LINKS_MAX: usize = 4;

/// Decides. `is_trapped`: a hidden box was filled; `is_asked`: the message stood in a field that asks for one;
/// `is_tried`: a field for an address or a number holds something that is neither.
pub(super) fn judge(r: &mut Reading, is_trapped: bool, is_asked: bool, is_tried: bool) {
    if is_trapped {
        return set(r, Kind::Spam, "A box that people do not see was filled: a robot.");
    }
    let reachable = r.email.is_some() || r.phone.is_some() || r.phone_as_given.is_some();
    let words = r.message.as_deref().map_or(0, |m| m.split_whitespace().count());
    let named = r.name.is_some();
    let wrote = r.message.is_some() && (named || (is_asked && words >= 3)) || named && is_tried;
    if !reachable && !wrote {
        return set(r, Kind::Unreadable, "Nobody to answer: no number, no address, no name with a message was found.");
    }
    if r.phone_as_given.is_none() && is_advertisement(r.message.as_deref().unwrap_or("")) {
        set(r, Kind::Spam, "Many links and no number: looks like advertising.");
    }
}

fn set(r: &mut Reading, kind: Kind, problem: &str) {
    r.kind = kind;
    r.problem = Some(problem.to_owned());
}

/// Links without much else; a person who sends four pictures of a kitchen says something about them.
fn is_advertisement(message: &str) -> bool {
    let lower = message.to_ascii_lowercase();
    let links = lower.matches("http://").count() + lower.matches("https://").count();
    let marked_up = lower.contains("[url=") || lower.contains("<a href");
    let words = message.split_whitespace().filter(|w| !w.contains("://")).count();
    (marked_up && links >= 2) || (links >= LINKS_MAX && words < links * 12)
}
