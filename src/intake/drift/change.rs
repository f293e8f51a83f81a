//! What became different, and the sentence that says so.

use super::shape::Role;
use serde::{Deserialize, Serialize};

/// How a form differs from what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// A field is called something else, its letters' case included.
    Renamed,
    /// A field came apart into several, or several became one.
    Split,
    /// A field stands elsewhere: inside another, or in a list.
    Moved,
    /// A field no longer comes.
    Vanished,
    /// It holds what a template should have filled in.
    Placeholder,
    /// It comes, and empty.
    Emptied,
    /// A number became a text, and so on.
    Retyped,
    /// It is written in another way: another order of the date, another sort of value.
    Rewritten,
    /// It has other choices.
    Choices,
    /// Its numbers are of another size: another unit.
    Unit,
    /// Name, number, address or wish can no longer be read, wherever they stand.
    Lost,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What sort.
    pub sort: Sort,
    /// The field, as people call it.
    pub field: String,
    /// What it is called now, or where it stands.
    pub now: Option<String>,
    /// What it carried.
    pub role: Option<Role>,
    /// When the first submission of the new kind came, UTC milliseconds.
    pub since: i64,
    /// Where it stands.
    pub(super) path: String,
    /// In which sort of event.
    pub(super) event: String,
    /// How many submissions since then were as they used to be, one after the other.
    pub(super) calm: u8,
}

impl Change {
    /// The same change has the same id.
    pub fn id(&self) -> String {
        format!("{:?}:{}:{}", self.sort, self.event, self.path)
    }

    /// Whether it touches how somebody can be answered.
    pub fn is_grave(&self) -> bool {
        self.role.is_some()
    }

    /// The sentence, without a stop: `"phone" is now called "tel"`.
    pub fn words(&self) -> String {
        let field = format!("\"{}\"", self.field);
        let now = self.now.as_deref().unwrap_or_default();
        match self.sort {
            Sort::Renamed => format!("{field} is now called \"{now}\""),
            Sort::Split => format!("{field} now comes as {now}"),
            Sort::Moved => format!("{field} now stands {now}"),
            Sort::Vanished => format!("{field} no longer comes"),
            Sort::Placeholder => format!("{field} holds a placeholder where the answer should be"),
            Sort::Emptied => format!("{field} now comes empty"),
            Sort::Retyped => format!("{field} now comes as {now}"),
            Sort::Rewritten => format!("{field} is now written another way, as {now}"),
            Sort::Choices => format!("{field} has other choices than before"),
            Sort::Unit => format!("{field} now comes in another unit"),
            Sort::Lost => format!("no {} can be read any more", self.field),
        }
    }
}
