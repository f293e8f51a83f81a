//! Lengths of time as people read them: `4.1 s`, `41 s`, `2m 14s`, `2h 58m`, `3 d`.
//!
//! Milliseconds come in; words, the parts of a big number, and the band (fast, ok, slow) go out. Everything is
//! cut, never rounded up: an answer after 59.99 s was inside the minute. Negative lengths count as nothing.

use super::clock::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

/// Up to here, in milliseconds, an answer is fast.
pub const FAST_MS: i64 = MINUTE_MS;
/// Up to here, in milliseconds, an answer is ok; beyond it is slow.
pub const OK_MS: i64 = 5 * MINUTE_MS;

/// How a length is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// Up to a minute.
    Fast,
    /// Up to five minutes.
    Ok,
    /// Beyond five minutes.
    Slow,
}

impl Band {
    /// The band of a length in milliseconds; both borders belong to the better side.
    pub fn of(ms: i64) -> Self {
        if ms <= FAST_MS {
            Band::Fast
        } else if ms <= OK_MS {
            Band::Ok
        } else {
            Band::Slow
        }
    }

    /// The word in style sheets: `fast`, `ok`, `slow`.
    pub fn as_str(self) -> &'static str {
        match self {
            Band::Fast => "fast",
            Band::Ok => "ok",
            Band::Slow => "slow",
        }
    }
}

/// A length in a few characters, such as `2m 06s`. Seconds have a tenth below ten, and days stand alone from three on.
///
/// ```
/// use leadbell::base::lengths::words;
/// assert_eq!(words(4_180), "4.1 s");
/// assert_eq!(words(126_000), "2m 06s");
/// ```
pub fn words(ms: i64) -> String {
    let parts: Vec<String> = parts(ms).into_iter().map(|(number, unit)| format!("{number}{unit}")).collect();
    let one_unit = parts.len() == 1 || ms >= DAY_MS;
    if one_unit { spaced(ms) } else { parts.join(" ") }
}

/// The numbers and units of a length, for display in two sizes: `[("3", "m"), ("40", "s")]`.
pub fn parts(ms: i64) -> Vec<(String, &'static str)> {
    let ms = ms.max(0);
    if ms < 10 * SECOND_MS {
        return vec![(format!("{}.{}", ms / SECOND_MS, ms % SECOND_MS / 100), "s")];
    }
    if ms < MINUTE_MS {
        return vec![((ms / SECOND_MS).to_string(), "s")];
    }
    if ms < HOUR_MS {
        return vec![((ms / MINUTE_MS).to_string(), "m"), (format!("{:02}", ms % MINUTE_MS / SECOND_MS), "s")];
    }
    if ms < DAY_MS {
        return vec![((ms / HOUR_MS).to_string(), "h"), (format!("{:02}", ms % HOUR_MS / MINUTE_MS), "m")];
    }
    let (days, hours) = (ms / DAY_MS, ms % DAY_MS / HOUR_MS);
    if days >= 3 || hours == 0 {
        return vec![(days.to_string(), "d")];
    }
    vec![(days.to_string(), "d"), (hours.to_string(), "h")]
}

/// A length as it is said aloud: `3 minutes 40 seconds`.
pub fn spoken(ms: i64) -> String {
    let parts: Vec<String> = parts(ms)
        .into_iter()
        .map(|(number, unit)| {
            let number = if number.contains('.') { number } else { number.trim_start_matches('0').to_owned() };
            let number = if number.is_empty() { "0".to_owned() } else { number };
            let word = match unit {
                "s" => "second",
                "m" => "minute",
                "h" => "hour",
                _ => "day",
            };
            if number == "1" { format!("1 {word}") } else { format!("{number} {word}s") }
        })
        .collect();
    parts.join(" ")
}

fn spaced(ms: i64) -> String {
    let parts: Vec<String> = parts(ms).into_iter().map(|(number, unit)| format!("{number} {unit}")).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_on_the_page() {
        let told: Vec<String> =
            [0, 4_199, 9_999, 10_000, 41_900, 59_999, 60_000, 134_000, 10_680_000, 90_000_000, 259_200_000]
                .into_iter()
                .map(words)
                .collect();

        assert_eq!(
            told,
            ["0.0 s", "4.1 s", "9.9 s", "10 s", "41 s", "59 s", "1m 00s", "2m 14s", "2h 58m", "1 d 1 h", "3 d"]
        );
    }

    #[test]
    fn a_clock_that_ran_backwards_shows_nothing_negative() {
        assert_eq!(words(-5_000), "0.0 s");
    }

    #[test]
    fn the_borders_belong_to_the_better_band() {
        let bands: Vec<&str> =
            [-1, FAST_MS, FAST_MS + 1, OK_MS, OK_MS + 1].into_iter().map(|ms| Band::of(ms).as_str()).collect();

        assert_eq!(bands, ["fast", "fast", "ok", "ok", "slow"]);
    }

    #[test]
    fn a_length_can_be_said_aloud() {
        assert_eq!(spoken(220_000), "3 minutes 40 seconds");
        assert_eq!(spoken(61_000), "1 minute 1 second");
        assert_eq!(spoken(60_000), "1 minute 0 seconds");
        assert_eq!(spoken(4_100), "4.1 seconds");
    }
}
