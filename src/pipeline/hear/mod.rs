//! What comes back: status news of our messages ([`status`]), and texts that people write to our number ([`texts`]).
//!
//! A text is a keyword, a reply of one of us ([`ours`], read by [`command`]), a lead writing back ([`theirs`]), or somebody
//! new ([`strangers`]). It is known by the vendor's id, whichever way it came, so nothing is taken in twice; what no
//! callback brought is fetched from the vendor's list ([`missed`]).

mod command;
mod missed;
mod ours;
mod status;
mod strangers;
mod texts;
mod theirs;
mod words_of_ours;

pub use missed::Missed;
pub use status::StatusNews;
pub(super) use texts::{Desk, Took};
pub use texts::{InboundText, Place};
