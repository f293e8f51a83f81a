//! Money: whole minor units and a currency, right to the last cent. Decimal text becomes minor units digit by digit,
//! never through a float; what has more decimals than its currency, or is no plain number, is refused, not guessed.

use iso_currency::Currency;
use serde::{Deserialize, Serialize};

/// An amount. `minor` counts the smallest unit of the currency (ISO 4217): cents, yen, fils. Negative is owed back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// How many of the smallest unit.
    pub minor: i64,
    /// ISO 4217 code, upper case.
    pub currency: String,
}

impl Money {
    /// So many of the smallest unit. `currency` in any case; none for what is no currency.
    pub fn from_minor(minor: i64, currency: &str) -> Option<Self> {
        let currency = currency.trim().to_ascii_uppercase();
        exponent(&currency).map(|_| Money { minor, currency })
    }

    /// Of a decimal text such as `29.35`, a dot before the decimals and nothing between the thousands.
    pub fn from_decimal(text: &str, currency: &str) -> Option<Self> {
        let currency = currency.trim().to_ascii_uppercase();
        let decimals = exponent(&currency)?;
        minor(text.trim(), decimals).map(|minor| Money { minor, currency })
    }

    /// Of minor units as Stripe counts them (<https://docs.stripe.com/currencies>): some currencies have none on its
    /// wire though ISO 4217 gives them some, and two have decimals there though ISO 4217 gives them none.
    pub fn from_stripe(minor: i64, currency: &str) -> Option<Self> {
        let mut money = Self::from_minor(minor, currency)?;
        let decimals = exponent(&money.currency)?;
        match money.currency.as_str() {
            "UGX" | "ISK" if decimals == 0 => {
                money.minor = (minor % 100 == 0).then_some(minor / 100)?;
            }
            "BIF" | "CLP" | "DJF" | "GNF" | "JPY" | "KMF" | "KRW" | "MGA" | "PYG" | "RWF" | "VND" | "VUV" | "XAF"
            | "XOF" | "XPF" => {
                money.minor = minor.checked_mul(10_i64.checked_pow(u32::try_from(decimals).ok()?)?)?;
            }
            _ => {}
        }
        Some(money)
    }

    /// The number alone with its decimals, a dot before them: `149.99`, `5000`, `12.500`.
    pub fn decimal(&self) -> String {
        let decimals = exponent(&self.currency).unwrap_or(0);
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals + 1);
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, rest) = digits.split_at(digits.len() - decimals);
        if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
    }

    /// As people read it in a list: `$150` for whole amounts, else as [`Money::display`].
    pub fn brief(&self) -> String {
        let shown = self.display();
        match exponent(&self.currency) {
            Some(decimals) if decimals > 0 && self.decimal().ends_with(&format!(".{:0<decimals$}", "")) => {
                shown.replacen(&format!(".{:0<decimals$}", ""), "", 1)
            }
            _ => shown,
        }
    }

    /// As people read it: `$149.99`, `¥5,000`, `29.35 EUR` for a currency without a sign that everybody knows.
    pub fn display(&self) -> String {
        let plain = self.decimal();
        let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let (whole, rest) = plain.split_once('.').map_or((plain, String::new()), |(w, r)| (w, format!(".{r}")));
        let mut grouped = String::with_capacity(whole.len() + whole.len() / 3);
        for (n, digit) in whole.chars().enumerate() {
            if n > 0 && (whole.len() - n).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        match self.currency.as_str() {
            "USD" => format!("{sign}${grouped}{rest}"),
            "GBP" => format!("{sign}£{grouped}{rest}"),
            "EUR" => format!("{sign}€{grouped}{rest}"),
            "JPY" => format!("{sign}¥{grouped}{rest}"),
            other => format!("{sign}{grouped}{rest} {other}"),
        }
    }
}

/// How many decimals a currency has; none for what is no currency. Source: ISO 4217.
pub fn exponent(currency: &str) -> Option<usize> {
    Currency::from_code(currency).map(|known| usize::from(known.exponent().unwrap_or(0)))
}

fn minor(text: &str, decimals: usize) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(rest) {
        return None;
    }
    let (kept, dropped) = rest.split_at(rest.len().min(decimals));
    if dropped.bytes().any(|b| b != b'0') {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    format!("{sign}{whole}{kept:0<decimals$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn table(name: &str) -> Vec<Value> {
        let path = format!("{}/tests/fixtures/money/amounts.json", env!("CARGO_MANIFEST_DIR"));
        let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        all[name].as_array().unwrap().clone()
    }

    #[test]
    fn decimal_text_becomes_minor_units_or_is_refused() {
        let rows = table("decimal_text_to_minor");
        for row in &rows {
            let (text, currency) = (row["text"].as_str().unwrap(), row["currency"].as_str().unwrap());

            let money = Money::from_decimal(text, currency);

            assert_eq!(money.map(|m| m.minor), row["minor"].as_i64(), "{text} {currency}");
        }
        assert_eq!(rows.len(), 20);
    }

    #[test]
    fn the_edges_of_what_can_be_counted_are_read_back() {
        for minor in [i64::MIN, i64::MAX] {
            let money = Money::from_minor(minor, "USD").unwrap();

            assert_eq!(Money::from_decimal(&money.decimal(), "USD"), Some(money));
        }
        assert_eq!(Money::from_decimal("92233720368547758.08", "USD"), None);
    }

    #[test]
    fn minor_units_become_decimal_text() {
        for row in table("minor_to_text") {
            let money = Money::from_minor(row["minor"].as_i64().unwrap(), row["currency"].as_str().unwrap()).unwrap();

            assert_eq!(money.decimal(), row["text"].as_str().unwrap());
        }
    }

    #[test]
    fn people_read_it_with_its_sign_and_its_thousands() {
        let money = |minor, currency| Money::from_minor(minor, currency).unwrap().display();

        assert_eq!(money(14_999, "usd"), "$149.99");
        assert_eq!(money(5_000, "JPY"), "¥5,000");
        assert_eq!(money(-123_456_789, "EUR"), "-€1,234,567.89");
        assert_eq!(money(2_500, "SEK"), "25.00 SEK");
        assert_eq!(Money::from_minor(1, "XYZ9"), None);
        let brief = |minor, currency| Money::from_minor(minor, currency).unwrap().brief();
        assert_eq!([brief(15_000, "USD"), brief(14_999, "USD"), brief(5_000, "JPY")], ["$150", "$149.99", "¥5,000"]);
        assert_eq!([brief(2_500, "SEK"), brief(12_500, "KWD")], ["25 SEK", "12.500 KWD"]);
    }

    #[test]
    fn stripes_own_minor_units_become_those_of_iso_4217() {
        let minor = |n, currency| Money::from_stripe(n, currency).map(|m| m.minor);

        assert_eq!(minor(5_000, "jpy"), Some(5_000));
        assert_eq!(minor(50_000, "isk"), Some(500));
        assert_eq!(minor(50_001, "isk"), None);
        assert_eq!(minor(14_999, "usd"), Some(14_999));
        assert_eq!(minor(12_500, "kwd"), Some(12_500));
    }
}
