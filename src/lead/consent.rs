//! Permission to text: what a form's rule and the person's box come to. One answer for planning a text and for the last
//! look before it goes.

/// Why somebody may not be texted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The form allows mail only.
    MailOnly,
    /// The box that allows texts is there and was not ticked, or has to be ticked and was not.
    NotTicked,
}

/// Whether a person may be texted. `rule` is the source's: `phone` (a number given beside a disclosure is enough), `box`
/// (a box must be ticked) or `mail` (never). `given` is what the person's box says; none = the form had none.
pub fn refusal(rule: &str, given: Option<bool>) -> Option<Refusal> {
    match (rule, given) {
        ("mail", _) => Some(Refusal::MailOnly),
        (_, Some(false)) | ("box", None) => Some(Refusal::NotTicked),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_rule_and_the_persons_box_decide_together() {
        let table = [
            ("phone", None, None),
            ("phone", Some(true), None),
            ("phone", Some(false), Some(Refusal::NotTicked)),
            ("box", None, Some(Refusal::NotTicked)),
            ("box", Some(true), None),
            ("box", Some(false), Some(Refusal::NotTicked)),
            ("mail", None, Some(Refusal::MailOnly)),
            ("mail", Some(true), Some(Refusal::MailOnly)),
            ("mail", Some(false), Some(Refusal::MailOnly)),
        ];
        for (rule, given, expected) in table {
            assert_eq!(refusal(rule, given), expected, "{rule} {given:?}");
        }
    }
}
