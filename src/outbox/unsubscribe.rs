//! The link that ends our mails to somebody: `/u/{mark}`, in every mail that follows and in its header.
//!
//! The mark is the id of the mail and a tag that only this installation can make for it. It cannot be guessed, names no
//! address, needs no row of its own, and leads nowhere but to one page of ours.

use crate::base::ids::MessageId;
use crate::base::keys::Keys;

const LABEL: &str = "unsubscribe";

/// The address to open or, by machines, to post to (RFC 8058).
pub fn link(public_url: &str, keys: &Keys, mail: &str) -> String {
    format!("{public_url}/u/{mail}.{}", keys.tag(LABEL, mail))
}

/// The mail that a mark was made for; none unless this installation made it.
pub fn mail_of(keys: &Keys, mark: &str) -> Option<MessageId> {
    let (mail, tag) = mark.rsplit_once('.')?;
    keys.tag_is_right(LABEL, mail, tag).then(|| MessageId::from(mail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_back_by_its_own_installation_only() {
        let (mine, other) = (Keys::new([1; 32]), Keys::new([2; 32]));

        let link = link("https://leads.example.com", &mine, "m1");

        let mark = link.strip_prefix("https://leads.example.com/u/").unwrap();
        assert_eq!(mail_of(&mine, mark), Some(MessageId::from("m1")));
        assert_eq!(mail_of(&other, mark), None);
        assert_eq!(mail_of(&mine, &mark.replace("m1.", "m2.")), None);
        for junk in ["", ".", "m1", "m1.", "m1.AAAAAAAAAAAAAAAAAAAAAA", "../today"] {
            assert_eq!(mail_of(&mine, junk), None, "{junk}");
        }
    }
}
