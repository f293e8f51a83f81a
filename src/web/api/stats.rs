//! `GET /stats`: the numbers of a span, the very ones that the page shows.

use super::caller::Caller;
use super::error::ApiError;
use super::list;
use crate::base::clock::DAY_MS;
use crate::base::ids::SourceId;
use crate::stats::period::{Period, day_of, zone};
use crate::stats::summary::{Summary, summary};
use crate::web::App;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

/// The days of a span that nobody set.
const USUAL_DAYS: u16 = 30;
/// The longest span: three years.
const LONGEST_MS: i64 = 1_097 * DAY_MS;

/// What may be asked: `from` and `to` are days of the shop (both included) or instants (`to` excluded).
#[derive(Debug, Deserialize)]
pub struct Asked {
    from: Option<String>,
    to: Option<String>,
    source: Option<String>,
    business: Option<String>,
}

/// The last 30 days, unless told otherwise.
pub async fn stats(
    State(house): State<App>,
    caller: Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Summary>, ApiError> {
    let Query(asked) = asked.map_err(|rejection| list::bad_query(&rejection))?;
    let shops = caller.shops(&house.db, asked.business.as_deref()).await?;
    let shop = shops.one()?;
    let now_ms = house.clock.now_ms();
    let period = period(&zone(&shop.timezone), asked.from.as_deref(), asked.to.as_deref(), now_ms)?;
    let source = asked.source.map(SourceId::from);
    Ok(Json(summary(house.db.read(), &shop.id, &shop.timezone, &period, source.as_ref(), now_ms).await?))
}

fn period(zone: &TimeZone, from: Option<&str>, to: Option<&str>, now_ms: i64) -> Result<Period, ApiError> {
    let from = from.map(|text| edge("from", text, zone)).transpose()?;
    let to = to.map(|text| edge("to", text, zone)).transpose()?;
    let until = to.as_ref().map_or_else(|| Period::last_days(zone, 1, now_ms), Period::clone);
    let begin = from.unwrap_or_else(|| Period::last_days(zone, USUAL_DAYS, until.until - 1));
    let whole = Period { from: begin.from, until: until.until, first: begin.first, last: until.last };
    if whole.until <= whole.from {
        return Err(ApiError::Bad("to lies before from.".to_owned()));
    }
    if whole.until - whole.from > LONGEST_MS {
        return Err(ApiError::Bad("Ask for at most three years at once.".to_owned()));
    }
    Ok(whole)
}

/// A day as itself, an instant as a span that begins and ends there.
fn edge(name: &str, text: &str, zone: &TimeZone) -> Result<Period, ApiError> {
    if let Ok(at) = text.parse::<Timestamp>() {
        let at = at.as_millisecond();
        return Ok(Period { from: at, until: at, first: day_of(zone, at), last: day_of(zone, at - 1) });
    }
    match text.parse::<Date>() {
        Ok(day) => Ok(Period::days(zone, day, day)),
        Err(_) => Err(ApiError::Bad(format!(
            "{name} is a day such as 2026-11-24, or an instant such as 2026-11-24T08:00:00Z."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_795_262_400_000; // 2026-11-21T12:00:00Z, a Saturday

    fn asked(from: Option<&str>, to: Option<&str>) -> Option<(String, String)> {
        let show = |ms: i64| Timestamp::from_millisecond(ms).unwrap().to_string();
        period(&zone("America/Chicago"), from, to, NOON).ok().map(|p| (show(p.from), show(p.until)))
    }

    fn span(from: &str, until: &str) -> Option<(String, String)> {
        Some((from.to_owned(), until.to_owned()))
    }

    #[test]
    fn days_are_the_shops_and_both_belong() {
        assert_eq!(asked(Some("2026-11-20"), Some("2026-11-21")), span("2026-11-20T06:00:00Z", "2026-11-22T06:00:00Z"));
        assert_eq!(asked(None, None), span("2026-10-23T05:00:00Z", "2026-11-22T06:00:00Z"));
        assert_eq!(asked(None, Some("2026-11-01")), span("2026-10-03T05:00:00Z", "2026-11-02T06:00:00Z"));
    }

    #[test]
    fn instants_are_taken_as_they_are() {
        assert_eq!(
            asked(Some("2026-11-20T10:30:00Z"), Some("2026-11-20T11:00:00+00:00")),
            span("2026-11-20T10:30:00Z", "2026-11-20T11:00:00Z")
        );
    }

    #[test]
    fn what_makes_no_span_is_refused() {
        assert_eq!(asked(Some("yesterday"), None), None);
        assert_eq!(asked(Some("2026-11-20"), Some("2026-11-19")), None);
        assert_eq!(asked(Some("2020-01-01"), None), None);
        assert_eq!(asked(Some("-009999-01-01"), Some("9999-12-31")), None);
    }
}
