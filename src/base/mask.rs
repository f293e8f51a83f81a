//! Phones and addresses as logs may show them: enough to recognise, too little to use.

/// `+15125550142` becomes `+1512***0142`; short numbers keep their last two digits only.
pub fn phone(number: &str) -> String {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let keep_front = if digits > 8 { 5 } else { 0 };
    let keep_back = if digits > 8 { 4 } else { 2 };
    let chars: Vec<char> = number.chars().collect();
    let front: String = chars.iter().take(keep_front).collect();
    let back: String = chars.iter().skip(chars.len().saturating_sub(keep_back)).collect();
    format!("{front}***{back}")
}

/// `maria.lopez@example.com` becomes `m***@example.com`.
pub fn email(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{}***@{domain}", local.chars().next().unwrap_or('*')),
        None => "***".to_owned(),
    }
}

/// Whichever of the two it is.
pub fn contact(to: &str) -> String {
    if to.contains('@') { email(to) } else { phone(to) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_cannot_be_dialled_or_written_to() {
        assert_eq!(phone("+15125550142"), "+1512***0142");
        assert_eq!(phone("12345"), "***45");
        assert_eq!(email("maria.lopez@example.com"), "m***@example.com");
        assert_eq!(contact("nobody"), "***dy");
    }
}
