//! The words that switch texts off and on: the whole message, trimmed, in any case (CTIA, Twilio's defaults, the FCC's
//! list of 2025).

use serde::{Deserialize, Serialize};

/// What a keyword asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keyword {
    /// No more texts.
    Stop,
    /// Texts again.
    Start,
    /// Who are you?
    Help,
}

impl Keyword {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Keyword::Stop => "stop",
            Keyword::Start => "start",
            Keyword::Help => "help",
        }
    }
}

/// The keyword that a vendor took a text for (`OptOutType`), in its own words.
pub fn named(word: &str) -> Option<Keyword> {
    [Keyword::Stop, Keyword::Start, Keyword::Help].into_iter().find(|k| k.as_str().eq_ignore_ascii_case(word))
}

/// The keyword that a text is, if it is one. `YES` opts in only who is opted out; otherwise it is conversation.
pub fn keyword(text: &str, opted_out: bool) -> Option<Keyword> {
    let word = text.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_uppercase();
    match word.trim_matches(|c: char| c.is_ascii_punctuation()) {
        "STOP" | "STOPALL" | "STOP ALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" | "REVOKE" | "OPTOUT"
        | "OPT OUT" => Some(Keyword::Stop),
        "START" | "UNSTOP" => Some(Keyword::Start),
        "YES" if opted_out => Some(Keyword::Start),
        "HELP" | "INFO" => Some(Keyword::Help),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_message_is_a_keyword() {
        for stop in ["stop", " STOP ", "Stop.", "opt out", "REVOKE", "optout", "end"] {
            assert_eq!(keyword(stop, false), Some(Keyword::Stop), "{stop}");
        }
        for talk in ["stop by at 4", "the end of the month", "yes", "help me please", "cancel my Tuesday visit"] {
            assert_eq!(keyword(talk, false), None, "{talk}");
        }
        assert_eq!(keyword("YES", true), Some(Keyword::Start));
        assert_eq!(keyword("unstop", true), Some(Keyword::Start));
        assert_eq!(keyword("Info", false), Some(Keyword::Help));
    }
}
