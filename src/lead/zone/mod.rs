//! Whose clock a person lives by: what their own answers say, else the area code or the country of their number, else the
//! shop's. An area code may lie in several zones; then all of them count, and nothing is sent that is too early or too
//! late in any of them.
//!
//! `area_codes.txt` (North America: code, US state or `-`, zones) and `countries.txt` (calling codes that lie in one zone)
//! hold facts of the numbering plans, as libphonenumber 9.0.43 knows them.

use super::reading::Field;
use jiff::tz::TimeZone;

const AREA_CODES: &str = include_str!("area_codes.txt");
const COUNTRIES: &str = include_str!("countries.txt");

/// The clocks that a person may live by, and the US state whose rules hold there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// IANA names; never empty.
    pub zones: Vec<String>,
    /// Two letters, upper case.
    pub state: Option<&'static str>,
}

impl Whereabouts {
    /// Of somebody with this number (E.164) and these other answers, who wrote to a shop in this zone.
    pub fn of(phone: Option<&str>, answers: &[Field], shop: &str) -> Self {
        let by_number = phone.and_then(by_number);
        let state = by_number.as_ref().and_then(|known| known.state);
        match said(answers) {
            Some(zone) => Self { zones: vec![zone], state },
            None => by_number.unwrap_or_else(|| Self { zones: vec![shop.to_owned()], state: None }),
        }
    }
}

/// A zone that they named: the answer to a question after their time zone.
fn said(answers: &[Field]) -> Option<String> {
    let asks = |label: &str| {
        let label: String = label.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        ["timezone", "zeitzone", "zonahoraria", "fuseauhoraire", "fusohorario", "fusoorario", "tijdzone"]
            .iter()
            .any(|word| label.contains(word))
    };
    let named = answers.iter().filter(|answer| asks(&answer.label) && answer.value.contains('/'));
    named.map(|answer| answer.value.trim()).find(|zone| TimeZone::get(zone).is_ok()).map(str::to_owned)
}

fn by_number(phone: &str) -> Option<Whereabouts> {
    let digits = phone.strip_prefix('+')?;
    if let Some(national) = digits.strip_prefix('1') {
        let code = national.get(..3)?;
        let mut line = AREA_CODES.lines().find(|line| line.starts_with(code))?.split(' ').skip(1);
        let state = line.next().filter(|state| *state != "-");
        return Some(Whereabouts { zones: line.map(str::to_owned).collect(), state });
    }
    let fits =
        |line: &str| line.split_once(' ').filter(|(code, _)| digits.starts_with(code)).map(|(_, zone)| zone.to_owned());
    // No calling code is the beginning of another one.
    COUNTRIES.lines().find_map(fits).map(|zone| Whereabouts { zones: vec![zone], state: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(phone: &str) -> (Vec<String>, Option<&'static str>) {
        let found = Whereabouts::of(Some(phone), &[], "America/Chicago");
        (found.zones, found.state)
    }

    fn zones(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn an_area_code_tells_zone_and_state_and_some_lie_in_two() {
        assert_eq!(of("+13035550100"), (zones(&["America/Denver"]), Some("CO")));
        assert_eq!(of("+18505550100"), (zones(&["America/Chicago", "America/New_York"]), Some("FL")));
        assert_eq!(of("+14165550100"), (zones(&["America/Toronto"]), None));
    }

    #[test]
    fn a_country_of_one_zone_tells_it_and_for_others_the_shops_clock_counts() {
        assert_eq!(of("+4915112345678"), (zones(&["Europe/Berlin"]), None));
        assert_eq!(of("+353861234567"), (zones(&["Europe/Dublin"]), None));
        assert_eq!(of("+61412345678"), (zones(&["America/Chicago"]), None));
        assert_eq!(Whereabouts::of(None, &[], "Europe/Paris").zones, ["Europe/Paris"]);
    }

    #[test]
    fn what_they_say_themselves_counts_before_their_number() {
        let answer = |label: &str, value: &str| Field { label: label.to_owned(), value: value.to_owned() };
        let said = [answer("Your time zone", "Pacific/Honolulu")];

        let found = Whereabouts::of(Some("+13035550100"), &said, "America/Chicago");

        assert_eq!((found.zones.as_slice(), found.state), (zones(&["Pacific/Honolulu"]).as_slice(), Some("CO")));
        let nonsense = [answer("Timezone", "Mars/Olympus"), answer("Zone", "Europe/Paris")];
        assert_eq!(Whereabouts::of(Some("+13035550100"), &nonsense, "x").zones, ["America/Denver"]);
    }

    #[test]
    fn every_zone_of_the_tables_is_one() {
        let listed = AREA_CODES.lines().flat_map(|line| line.split(' ').skip(2));
        for zone in listed.chain(COUNTRIES.lines().filter_map(|line| line.split(' ').nth(1))) {
            assert!(TimeZone::get(zone).is_ok(), "{zone}");
        }
    }
}
