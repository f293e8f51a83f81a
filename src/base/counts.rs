//! Counts as people read them: `1 lead`, `1,234 leads`.

/// `1 lead`, `2 leads`.
pub fn count(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(n)) }
}

/// `1,234`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_thousands_have_commas() {
        assert_eq!(count(1, "lead", "leads"), "1 lead");
        assert_eq!(count(0, "lead", "leads"), "0 leads");
        assert_eq!(count(1_234_567, "lead", "leads"), "1,234,567 leads");
        assert_eq!(grouped(999), "999");
    }
}
