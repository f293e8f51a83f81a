//! Lists of leads to search and leaf through.
//!
//! In goes a business, what to keep and where the last page ended; out comes one page and the cursor of the next.
//! Pages are found by key, never by counting rows, so the last page costs what the first one does and a lead that
//! arrives meanwhile shifts nothing. Searching reads the business's leads from the newest on; that is fine for a
//! small business and said here because it would not be for a large one.

use super::read::leads;
use super::row::{LeadRow, lead_columns};
use crate::base::ids::{BusinessId, LeadId, SourceId};
use crate::db::Pool;
use crate::lead::record::Lead;
use crate::lead::state::State;

/// Which leads to keep. The default keeps all but spam.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that stand here.
    pub state: Option<State>,
    /// Only those that wait for a person: waiting or taken, no tests.
    pub waiting: bool,
    /// Only those that ended so.
    pub outcome: Option<String>,
    /// Only those of this source.
    pub source: Option<SourceId>,
    /// Only those received at or after this instant (UTC milliseconds).
    pub since: Option<i64>,
    /// Only spam, which is hidden otherwise.
    pub spam: bool,
    /// Only those whose name, e-mail, message or number holds this text.
    pub text: String,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its leads.
    pub leads: Vec<Lead>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

/// The last row of a page: what is needed to find the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Whether the row still belonged to those that wait for a person, which stand in front.
    waiting: bool,
    received_at: i64,
    id: LeadId,
}

impl Cursor {
    /// The cursor as it stands in an address.
    pub fn text(&self) -> String {
        format!("{}{}-{}", if self.waiting { "w" } else { "n" }, self.received_at, self.id)
    }

    /// Reads a cursor back. Anything else than what [`Cursor::text`] wrote is `None`.
    pub fn parse(text: &str) -> Option<Cursor> {
        let waiting = text.starts_with('w');
        let (at, id) = text.strip_prefix(['w', 'n'])?.split_once('-')?;
        let plain = !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric());
        Some(Cursor { waiting, received_at: at.parse().ok().filter(|_| plain)?, id: id.into() })
    }

    fn of(lead: &Lead, waiting: bool) -> Cursor {
        Cursor { waiting, received_at: lead.clocks.received_at, id: lead.id.clone() }
    }
}

/// One page, those that wait for a person first, then the newest. At most `limit` leads, 1 to 500.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiting_first(
    db: &Pool,
    business: &BusinessId,
    filter: &Filter,
    from: Option<&Cursor>,
    limit: usize,
) -> Result<Page, sqlx::Error> {
    let wanted = limit.clamp(1, 500);
    let mut found: Vec<(Lead, bool)> = Vec::new();
    if from.is_none_or(|cursor| cursor.waiting) {
        let rows = part(db, Some(business), filter, Part::Waiting, from, wanted + 1).await?;
        found.extend(rows.into_iter().map(|lead| (lead, true)));
    }
    if found.len() <= wanted && !filter.waiting {
        let from = from.filter(|cursor| !cursor.waiting);
        let rows = part(db, Some(business), filter, Part::Rest, from, wanted + 1 - found.len()).await?;
        found.extend(rows.into_iter().map(|lead| (lead, false)));
    }
    Ok(page(found, wanted))
}

/// One page, the newest first; of one business, or of all with `None`. At most `limit` leads, 1 to 500.
///
/// # Errors
/// When the database cannot be read.
pub async fn newest(
    db: &Pool,
    business: Option<&BusinessId>,
    filter: &Filter,
    from: Option<&Cursor>,
    limit: usize,
) -> Result<Page, sqlx::Error> {
    let wanted = limit.clamp(1, 500);
    let which = if filter.waiting { Part::Waiting } else { Part::All };
    let rows = part(db, business, filter, which, from, wanted + 1).await?;
    Ok(page(rows.into_iter().map(|lead| (lead, false)).collect(), wanted))
}

/// How many leads each chip above the list would show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// Wait for a person.
    pub waiting: i64,
    /// All but spam.
    pub all: i64,
    /// Answered and not closed.
    pub answered: i64,
    /// Closed as booked.
    pub booked: i64,
    /// Closed as lost.
    pub lost: i64,
    /// Spam.
    pub spam: i64,
}

/// How many leads of the business each chip would show.
///
/// # Errors
/// When the database cannot be read.
pub async fn counts(db: &Pool, business: &BusinessId) -> Result<Counts, sqlx::Error> {
    sqlx::query_as(
        "SELECT count(CASE WHEN is_spam = 0 AND is_test = 0 AND state IN ('waiting', 'taken') THEN 1 END) AS waiting, \
           count(CASE WHEN is_spam = 0 THEN 1 END) AS \"all\", \
           count(CASE WHEN is_spam = 0 AND state = 'answered' THEN 1 END) AS answered, \
           count(CASE WHEN is_spam = 0 AND outcome = 'booked' THEN 1 END) AS booked, \
           count(CASE WHEN is_spam = 0 AND outcome = 'lost' THEN 1 END) AS lost, \
           count(CASE WHEN is_spam = 1 THEN 1 END) AS spam \
         FROM lead WHERE business_id = $1",
    )
    .bind(business)
    .fetch_one(db)
    .await
}

/// Which share of a business's leads a query walks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Waiting,
    Rest,
}

/// `FROM … WHERE …` of every list; only the business, the part and the order differ.
macro_rules! list {
    ($part:literal) => {
        concat!(
            "SELECT ",
            lead_columns!(),
            " FROM lead WHERE ",
            $part,
            " AND (received_at < $2 OR (received_at = $2 AND id < $3)) AND is_spam = $4 \
              AND ($5 = '' OR state = $5) AND ($6 = '' OR outcome = $6) AND ($7 = '' OR source_id = $7) \
              AND received_at >= $8 \
              AND ($9 = '' OR lower(name) LIKE $9 ESCAPE '\\' OR lower(email) LIKE $9 ESCAPE '\\' \
                OR lower(message) LIKE $9 ESCAPE '\\' OR ($10 <> '' AND phone LIKE $10)) \
              ORDER BY received_at DESC, id DESC LIMIT $11"
        )
    };
}

async fn part(
    db: &Pool,
    business: Option<&BusinessId>,
    filter: &Filter,
    part: Part,
    from: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Lead>, sqlx::Error> {
    let sql = match (business.is_some(), part) {
        (true, Part::All) => list!("business_id = $1"),
        (true, Part::Waiting) => {
            list!("business_id = $1 AND state IN ('waiting', 'taken') AND is_test = 0 AND is_spam = 0")
        }
        (true, Part::Rest) => {
            list!("business_id = $1 AND NOT (state IN ('waiting', 'taken') AND is_test = 0 AND is_spam = 0)")
        }
        (false, Part::Waiting) => list!("$1 = '' AND state IN ('waiting', 'taken') AND is_test = 0 AND is_spam = 0"),
        (false, _) => list!("$1 = ''"),
    };
    let (at, id) = from.map_or((i64::MAX, ""), |c| (c.received_at, c.id.as_str()));
    let rows: Vec<LeadRow> = sqlx::query_as(sql)
        .bind(business.map_or("", |b| b.as_str()))
        .bind(at)
        .bind(id)
        .bind(i64::from(filter.spam))
        .bind(filter.state.map_or("", State::as_str))
        .bind(filter.outcome.as_deref().unwrap_or(""))
        .bind(filter.source.as_ref().map_or("", |s| s.as_str()))
        .bind(filter.since.unwrap_or(i64::MIN))
        .bind(contains(filter.text.trim()))
        .bind(contains_digits(&filter.text))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(db)
        .await?;
    leads(rows)
}

fn page(mut found: Vec<(Lead, bool)>, wanted: usize) -> Page {
    let more = found.len() > wanted;
    found.truncate(wanted);
    let next = found.last().filter(|_| more).map(|(lead, waiting)| Cursor::of(lead, *waiting));
    Page { leads: found.into_iter().map(|(lead, _)| lead).collect(), next }
}

/// A `LIKE` pattern that finds the text anywhere, with its wildcards taken as plain characters. Empty for no text.
/// Letters are folded as the engine's `lower` folds them: ASCII only.
fn contains(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

/// A `LIKE` pattern for the digits of a number typed in any style, without the zeros in front that no stored number
/// has. Empty unless it looks like a number of at least three digits.
fn contains_digits(text: &str) -> String {
    let style = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '.' | '/' | '(' | ')');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    if digits.len() < 3 || !text.chars().all(style) { String::new() } else { format!("%{digits}%") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_search_are_plain_characters() {
        assert_eq!(contains("100%_Off\\"), "%100\\%\\_off\\\\%");
        assert_eq!(contains(""), "");
    }

    #[test]
    fn a_number_is_found_however_it_is_typed() {
        assert_eq!(contains_digits("(512) 555-01"), "%51255501%");
        assert_eq!(contains_digits("07700 900123"), "%7700900123%");
        assert_eq!(contains_digits("flat 512"), "");
        assert_eq!(contains_digits("12"), "");
    }

    #[test]
    fn a_cursor_survives_its_address_and_a_forged_one_does_not() {
        let cursor = Cursor { waiting: true, received_at: 1_764_000_000_123, id: "01abc".into() };

        assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
        for forged in ["", "w", "x1-a", "w1", "n1-", "nx-a", "n1-a b", "n99999999999999999999-a"] {
            assert_eq!(Cursor::parse(forged), None, "{forged}");
        }
    }
}
