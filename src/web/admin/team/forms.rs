//! What was typed into which form, what is wrong with it, and the lines of the forms.

use crate::lead::week;
use crate::web::views::team::Line;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The days as their fields are labelled, and as they are named.
const DAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];

/// What a form brings, by name.
pub type Given = BTreeMap<String, String>;

/// A form that was not accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Which one; it begins the ids of its fields.
    pub form: String,
    /// What was typed.
    pub given: Given,
    /// The field's name, and what is wrong with it.
    pub wrong: Vec<(&'static str, String)>,
}

impl Typed {
    pub fn new(form: impl Into<String>, given: &Given, wrong: Vec<(&'static str, String)>) -> Self {
        Self { form: form.into(), given: given.clone(), wrong }
    }

    /// Whether it is this form.
    pub fn is(&self, form: &str) -> bool {
        !self.form.is_empty() && self.form == form
    }

    /// What was typed into a field of this form, else what stands.
    pub fn or(&self, form: &str, name: &str, stands: String) -> String {
        if self.is(form) { text(&self.given, name) } else { stands }
    }

    /// What is wrong with a field of this form.
    pub fn wrong(&self, form: &str, name: &str) -> Option<String> {
        let found = self.wrong.iter().find(|(field, _)| self.is(form) && *field == name);
        found.map(|(_, words)| words.clone())
    }

    /// All mistakes, by the field's id.
    pub fn summary(&self) -> Vec<(String, String)> {
        self.wrong.iter().map(|(name, words)| (format!("{}-{name}", self.form), words.clone())).collect()
    }

    /// A line of a form.
    pub fn line(
        &self,
        form: &str,
        (name, label, hint, kind): (&'static str, &'static str, &'static str, &'static str),
        stands: String,
    ) -> Line {
        let (value, wrong) = (self.or(form, name, stands), self.wrong(form, name));
        Line { id: format!("{form}-{name}"), name, label, hint, kind, value, wrong }
    }

    /// The seven lines of a week.
    pub fn week(&self, form: &str, stands: [String; 7]) -> Vec<Line> {
        let lines = DAYS.iter().zip(stands);
        lines.map(|((name, label), stands)| self.line(form, (name, label, "", "text"), stands)).collect()
    }
}

/// What was typed into a field.
pub fn text(given: &Given, name: &str) -> String {
    given.get(name).map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// The week that was typed, as JSON; none = always.
pub fn read_week(given: &Given, wrong: &mut Vec<(&'static str, String)>) -> Option<String> {
    let days: [String; 7] = std::array::from_fn(|n| text(given, DAYS[n].0).chars().take(80).collect());
    match week::read(&days) {
        Ok(week) => week,
        Err(day) => {
            let words = format!("{}: write hours such as 8-12, 13-18, each from earlier to later.", DAYS[day].1);
            wrong.push((DAYS[day].0, words));
            None
        }
    }
}

/// Whole minutes between `least` and `most`.
pub fn read_minutes(text: &str, least: i64, most: i64) -> Result<i64, String> {
    let minutes: Option<i64> = text.parse().ok();
    minutes
        .filter(|minutes| (least..=most).contains(minutes))
        .ok_or_else(|| format!("Write whole minutes between {least} and {most}."))
}

/// The most times off that are kept.
const DAYS_OFF_MAX: usize = 40;

/// `2026-12-24 to 2026-12-26, 2027-01-01`.
pub fn read_days_off(text: &str) -> Option<Vec<(Date, Date)>> {
    let spans = text.split(',').map(str::trim).filter(|span| !span.is_empty());
    let days: Option<Vec<(Date, Date)>> = spans
        .map(|span| {
            let (first, last) = span.split_once(" to ").unwrap_or((span, span));
            let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
            (first <= last).then_some((first, last))
        })
        .collect();
    days.filter(|days| days.len() <= DAYS_OFF_MAX)
}

/// Days off as they are typed.
pub fn typed_days_off(days: &[(Date, Date)]) -> String {
    let span = |(first, last): &(Date, Date)| {
        if first == last { first.to_string() } else { format!("{first} to {last}") }
    };
    days.iter().map(span).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_off_are_read_back_as_they_were_typed() {
        let typed = "2026-12-24 to 2026-12-26, 2027-01-01";

        assert_eq!(typed_days_off(&read_days_off(typed).unwrap()), typed);
        assert_eq!(read_days_off(" ").unwrap(), []);
        for wrong in ["tomorrow", "2026-12-26 to 2026-12-24", "2026-02-30", "24.12.2026"] {
            assert_eq!(read_days_off(wrong), None, "{wrong}");
        }
    }
}
