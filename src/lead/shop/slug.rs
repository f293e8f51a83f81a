//! A name as it stands in addresses.

use unicode_normalization::UnicodeNormalization;

/// The longest slug, so that addresses stay short.
const LONGEST: usize = 40;

/// Lower-case ASCII letters and digits with single dashes between words; `shop` where nothing is left.
///
/// ```
/// use leadbell::lead::shop::slug;
/// assert_eq!(slug("Harbor Plumbing & Heating"), "harbor-plumbing-heating");
/// assert_eq!(slug("Café Zoë"), "cafe-zoe");
/// assert_eq!(slug("株式会社"), "shop");
/// ```
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.nfkd().filter(|c| !is_accent(*c)) {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => slug.push(c),
            '\'' | '\u{2019}' => {}
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
        if slug.len() >= LONGEST {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "shop".to_owned() } else { slug.to_owned() }
}

fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_name_the_slug_fits_an_address() {
        for name in ["", "   ", "Joe's  Pizza!", "--a--", "ÅÄÖ", "a/b?c#d%2e", "\u{202e}evil", &"long name ".repeat(20)]
        {
            let slug = slug(name);
            assert!(!slug.is_empty() && slug.len() <= LONGEST, "{name}");
            assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{slug}");
            assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"), "{slug}");
        }
        assert_eq!(slug("Joe's  Pizza!"), "joes-pizza");
    }
}
