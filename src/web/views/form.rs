//! Our own form as visitors see it, and the thank-you after it. In the shop's name: ours is not on it.

use super::setup::Field;
use askama::Template;

/// The page at `/f/{slug}`. Its form posts `name`, `phone`, `email`, `message`, `consent`, `homepage`, `stamp` and
/// `again` to the same address.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/form.html")]
pub struct FormPage {
    /// The shop's name.
    pub shop: String,
    /// Where it posts to.
    pub action: String,
    /// The words beside the box.
    pub words: String,
    /// Whether it was sent: the thank-you.
    pub is_sent: bool,
    /// Whether mistakes were shown before.
    pub again: bool,
    /// Name, phone, e-mail and message as typed.
    pub typed: [String; 4],
    /// Whether the box is ticked.
    pub ticked: bool,
    /// This opening of the page; see the edge.
    pub stamp: String,
    /// What is wrong beside which field.
    pub wrong: Vec<Wrong>,
    /// Why it could not be taken in just now.
    pub trouble: Option<String>,
}

/// A mistake and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field's id.
    pub id: &'static str,
    /// What to do about it.
    pub words: &'static str,
}

impl FormPage {
    /// The title of the window: a mistake first.
    pub fn title(&self) -> String {
        match (self.is_sent, self.wrong.is_empty()) {
            (true, _) => format!("Thank you · {}", self.shop),
            (false, true) => format!("Write to {}", self.shop),
            (false, false) => format!("Please look again · {}", self.shop),
        }
    }

    /// Mistakes as the summary lists them.
    pub fn summary(&self) -> Vec<(&'static str, &'static str)> {
        self.wrong.iter().map(|wrong| (wrong.id, wrong.words)).collect()
    }

    /// The three short fields.
    pub fn fields(&self) -> [Field; 3] {
        let field = |id, label, hint, kind, autocomplete, value: &String| {
            let wrong = self.wrong.iter().find(|wrong| wrong.id == id).map(|wrong| wrong.words.to_owned());
            Field { id, label, hint, kind, autocomplete, required: id == "name", value: value.clone(), wrong }
        };
        let [name, phone, email, _] = &self.typed;
        [
            field("name", "Your name", "", "text", "name", name),
            field("phone", "Phone", "A phone number or an email: one of the two is enough.", "tel", "tel", phone),
            field("email", "Email", "", "email", "email", email),
        ]
    }
}
