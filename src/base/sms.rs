//! How a text is counted and made cheap: GSM-7 or UCS-2, units, parts, plain characters, a cut that fits.
//!
//! In comes any text, out go the carrier's counts (3GPP TS 23.038 for the alphabet, 23.040 for the 7-byte header
//! of parts). One character outside GSM-7 turns the whole text into UCS-2 and more than halves a part, so
//! [`to_gsm`] replaces what only looks different. Price: "Łukasz" reads "Lukasz" in an alert. Other scripts and
//! emoji are never touched: a name in Cyrillic is worth more than a part.

use unicode_normalization::UnicodeNormalization;

/// Units that one single text holds in GSM-7.
pub const ONE_GSM_PART: u32 = 160;
/// UTF-16 units that one single text holds in UCS-2.
pub const ONE_UCS2_PART: u32 = 70;

const GSM_PART_OF_MANY: u32 = 153;
const UCS2_PART_OF_MANY: u32 = 67;
const DOTS: &str = "...";

/// The alphabet a carrier uses for one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// The GSM 7-bit default alphabet with its extension table; units are septets.
    Gsm7,
    /// UTF-16; units are code units, an emoji takes two.
    Ucs2,
}

impl Encoding {
    /// The name that installers know.
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Gsm7 => "GSM-7",
            Encoding::Ucs2 => "UCS-2",
        }
    }

    /// Units that fit one single text.
    pub fn one_part(self) -> u32 {
        match self {
            Encoding::Gsm7 => ONE_GSM_PART,
            Encoding::Ucs2 => ONE_UCS2_PART,
        }
    }

    fn part_of_many(self) -> u32 {
        match self {
            Encoding::Gsm7 => GSM_PART_OF_MANY,
            Encoding::Ucs2 => UCS2_PART_OF_MANY,
        }
    }

    fn units_of(self, c: char) -> u32 {
        match self {
            Encoding::Gsm7 => gsm_units(c).unwrap_or(1),
            Encoding::Ucs2 => u32::from(c.len_utf16() == 2) + 1,
        }
    }
}

/// What a text costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The alphabet that the text forces.
    pub encoding: Encoding,
    /// Septets or UTF-16 units, without the headers of parts.
    pub units: u32,
    /// How many texts the carrier bills; 0 for an empty one.
    pub segments: u32,
}

/// Counts a text as the carrier does. A two-unit character is never split: its part is closed early.
///
/// ```
/// use leadbell::base::sms::parts;
/// assert_eq!(parts("Hi Maria").segments, 1);
/// assert_eq!(parts("It’s ready").encoding.as_str(), "UCS-2");
/// ```
pub fn parts(text: &str) -> Parts {
    let encoding = encoding(text);
    let units = units(text, encoding);
    let segments = match units {
        0 => 0,
        n if n <= encoding.one_part() => 1,
        _ => many(text, encoding),
    };
    Parts { encoding, units, segments }
}

/// The alphabet that a text forces.
pub fn encoding(text: &str) -> Encoding {
    if text.chars().all(|c| gsm_units(c).is_some()) { Encoding::Gsm7 } else { Encoding::Ucs2 }
}

/// The length of a text in the units of an alphabet. What GSM-7 lacks counts as one.
pub fn units(text: &str, encoding: Encoding) -> u32 {
    text.chars().map(|c| encoding.units_of(c)).sum()
}

/// Replaces characters outside GSM-7 by ones inside, where the words stay readable: typographic quotes, dashes,
/// dots and spaces, and Latin letters with marks that the alphabet lacks. Letters it has (`é`, `ñ`, `ü`) stay.
///
/// ```
/// assert_eq!(leadbell::base::sms::to_gsm("Łukasz’s café – São…"), "Lukasz's café - Sao...");
/// ```
pub fn to_gsm(text: &str) -> String {
    if text.chars().all(|c| c != '\r' && gsm_units(c).is_some()) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    // What shows nothing would keep a letter and its mark apart.
    let mut chars = text.chars().filter(|c| look_alike(*c) != Some("")).nfc().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => out.push('\n'),
            _ if gsm_units(c).is_some() => out.push(c),
            _ => {
                push_plain(&mut out, c);
                // A letter that lost one mark loses all: what stays would only be put onto it again.
                let is_bared = out.ends_with(|last: char| last != c && last.is_ascii_alphabetic());
                while is_bared && chars.next_if(|next| unicode_normalization::char::is_combining_mark(*next)).is_some()
                {
                }
            }
        }
    }
    out
}

/// Cuts a text at a character so that it has at most `budget` units, the closing `...` included. A text that
/// fits comes back whole; a budget below four units leaves nothing.
pub fn cut_to_units(text: &str, budget: u32, encoding: Encoding) -> String {
    if units(text, encoding) <= budget {
        return text.to_owned();
    }
    let room = budget.saturating_sub(3);
    let mut used = 0;
    let fits = text.char_indices().find(|(_, c)| {
        used += encoding.units_of(*c);
        used > room
    });
    let kept = fits.map_or(text, |(end, _)| &text[..end]).trim_end();
    if kept.is_empty() { String::new() } else { [kept, DOTS].concat() }
}

/// Puts a message together so that it fits one part if cutting `middle` can achieve that; the words around it
/// stay whole.
///
/// ```
/// let text = leadbell::base::sms::fit_one_part("New lead: ", &"water ".repeat(40), "\nReply 1");
/// assert!(text.len() <= 160 && text.ends_with("...\nReply 1"));
/// ```
pub fn fit_one_part(before: &str, middle: &str, after: &str) -> String {
    let whole = [before, middle, after].concat();
    let encoding = encoding(&whole);
    if units(&whole, encoding) <= encoding.one_part() {
        return whole;
    }
    let around = units(before, encoding) + units(after, encoding);
    let middle = cut_to_units(middle, encoding.one_part().saturating_sub(around), encoding);
    [before, &middle, after].concat()
}

fn many(text: &str, encoding: Encoding) -> u32 {
    let (mut segments, mut used) = (1, 0);
    for c in text.chars() {
        let n = encoding.units_of(c);
        if used + n > encoding.part_of_many() {
            segments += 1;
            used = 0;
        }
        used += n;
    }
    segments
}

/// Septets of a character in the GSM alphabet: 1, or 2 from the extension table; `None` when it has neither.
fn gsm_units(c: char) -> Option<u32> {
    match c {
        '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' | '\u{c}' => Some(2),
        '`' => None,
        ' '..='~' | '\n' | '\r' => Some(1),
        '£' | '¥' | 'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å' | 'Δ' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π'
        | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' | 'Æ' | 'æ' | 'ß' | 'É' | '¤' | '¡' | 'Ä' | 'Ö' | 'Ñ' | 'Ü' | '§' | '¿' | 'ä' | 'ö'
        | 'ñ' | 'ü' | 'à' => Some(1),
        _ => None,
    }
}

fn push_plain(out: &mut String, c: char) {
    match look_alike(c) {
        Some(plain) => out.push_str(plain),
        None => out.push(bare_letter(c).unwrap_or(c)),
    }
}

fn look_alike(c: char) -> Option<&'static str> {
    Some(match c {
        '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' | '`' | '´' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '‹' => "<",
        '›' => ">",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '•' | '·' => "-",
        '…' => DOTS,
        '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => "",
        '\u{2028}' | '\u{2029}' => "\n",
        'Ł' => "L",
        'ł' => "l",
        'Đ' | 'Ð' => "D",
        'đ' | 'ð' => "d",
        'Ħ' => "H",
        'ħ' => "h",
        'ı' => "i",
        'Œ' => "OE",
        'œ' => "oe",
        'Þ' => "Th",
        'þ' => "th",
        'ẞ' => "SS",
        '×' => "x",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '°' => "deg",
        '©' => "(c)",
        '®' => "(R)",
        '™' => "TM",
        _ => return None,
    })
}

/// The ASCII letter under the marks of a composed Latin letter.
fn bare_letter(c: char) -> Option<char> {
    let mut decomposed = None;
    unicode_normalization::char::decompose_canonical(c, |part| {
        decomposed.get_or_insert(part);
    });
    decomposed.filter(|base| *base != c && base.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(serde::Deserialize)]
    struct Vector {
        name: String,
        text: String,
        encoding: String,
        units: u32,
        segments: u32,
    }

    #[test]
    fn every_vector_counts_as_the_carrier_counts_it() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../../tests/fixtures/sms/segments.json")).unwrap();

        assert!(vectors.len() > 30);
        for v in vectors {
            let got = parts(&v.text);

            assert_eq!(
                (got.encoding.as_str(), got.units, got.segments),
                (v.encoding.as_str(), v.units, v.segments),
                "{}",
                v.name
            );
        }
    }

    #[test]
    fn look_alikes_become_plain_and_letters_of_the_alphabet_stay() {
        for (text, plain) in [
            ("It’s “ready” – 9–5…\u{a0}ok", "It's \"ready\" - 9-5... ok"),
            ("Zoë Łukasz São fête ça va", "Zoe Lukasz Sao fete ca va"),
            ("Grüße, señor, é è à", "Grüße, señor, é è à"),
            ("e\u{301}te\u{301}, Zoe\u{308}", "été, Zoe"),
            ("a\tb`c\r\nd\re", "a b'c\nd\ne"),
            ("zero\u{200b}width", "zerowidth"),
            ("z\u{331}\u{331}\u{331}! e\u{200b}\u{301}", "z! é"),
        ] {
            let got = to_gsm(text);

            assert_eq!(got, plain);
            assert_eq!(encoding(&got), Encoding::Gsm7, "{got}");
        }
    }

    #[test]
    fn other_scripts_and_emoji_are_left_alone() {
        for text in ["Привет", "您好", "مرحبا", "👨\u{200d}👩\u{200d}👧 👍", "Ελένη"] {
            assert_eq!(to_gsm(text), text);
        }
    }

    #[test]
    fn a_long_message_is_cut_so_that_all_around_it_stays() {
        let text = fit_one_part("New lead: Ana\n", &"Kitchen tap leaking, ".repeat(20), "\nhttps://l.example/l/x");

        assert_eq!(parts(&text).segments, 1);
        assert!(text.starts_with("New lead: Ana\nKitchen") && text.ends_with("...\nhttps://l.example/l/x"));
    }

    #[test]
    fn a_cut_never_splits_an_emoji_and_never_leaves_dots_alone() {
        assert_eq!(cut_to_units("👍👍👍👍", 8, Encoding::Ucs2), "👍👍👍👍");
        assert_eq!(cut_to_units("👍👍👍👍", 7, Encoding::Ucs2), "👍👍...");
        assert_eq!(cut_to_units("👍👍👍👍", 6, Encoding::Ucs2), "👍...");
        assert_eq!(cut_to_units("words", 3, Encoding::Gsm7), "");
    }

    proptest! {
        #[test]
        fn whatever_is_cut_fits_its_budget(text in "\\PC{0,200}", budget in 0u32..200) {
            let encoding = encoding(&text);

            let cut = cut_to_units(&text, budget, encoding);

            prop_assert!(units(&cut, encoding) <= budget);
        }

        #[test]
        fn plain_text_stays_plain_when_made_plain_again(text in "\\PC{0,100}") {
            let once = to_gsm(&text);

            prop_assert_eq!(to_gsm(&once), once);
        }

        #[test]
        fn a_message_fits_one_part_whenever_its_frame_does(middle in "\\PC{0,300}") {
            let text = fit_one_part("New lead: ", &middle, "\nReply 1 = I've got it");

            prop_assert_eq!(parts(&text).segments, 1);
        }
    }
}
