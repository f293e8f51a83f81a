//! Pages of one message: thank you, what an address is for, what went wrong. They name no cause that an attacker
//! could use, and always a way on.

use askama::Template;

/// A heading, a few sentences, a few links.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/message.html")]
pub struct Message {
    /// The shop's name, where it is known; may be empty.
    pub shop: String,
    /// The heading.
    pub title: String,
    /// The sentences.
    pub texts: Vec<String>,
    /// The ways on: address and words; the first is the main one.
    pub links: Vec<(String, String)>,
}

/// The page behind the link that ends mails: one button, which posts to its own address.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/unsubscribe.html")]
pub struct Unsubscribe {
    /// The shop's name.
    pub shop: String,
}

/// After that button, and whenever the link is opened again.
pub fn unsubscribed(shop: &str) -> Message {
    Message {
        shop: shop.to_owned(),
        title: "Done. No more mails from us.".to_owned(),
        texts: vec![format!("{shop} still answers if you write.")],
        links: Vec::new(),
    }
}

/// After a form was sent from a browser. `back` is the page it was sent from, if that is http(s).
pub fn thanks(shop: &str, back: Option<&str>) -> Message {
    let back = back.filter(|page| page.starts_with("https://") || page.starts_with("http://"));
    Message {
        shop: shop.to_owned(),
        title: "Thank you. We have your message.".to_owned(),
        texts: vec![format!("{shop} will get back to you shortly.")],
        links: back.map(|page| (page.to_owned(), "Back to the site".to_owned())).into_iter().collect(),
    }
}

/// A good address opened in a browser. `last` is the clock time of its newest submission.
pub fn address_works(last: Option<&str>) -> Message {
    let last = last.map_or_else(|| "Nothing came yet.".to_owned(), |at| format!("Last one: {at}."));
    just("This address works.", &format!("It waits for a form to send to it. {last}"))
}

/// An address that nobody has.
pub fn wrong_address() -> Message {
    just("This address does not exist.", "Copy it again from Sources.")
}

/// Any page before the first person is in.
pub fn not_set_up() -> Message {
    just("Not set up yet.", "Look in the terminal.")
}

/// A page that is not there.
pub fn not_found() -> Message {
    let mut page = just("There is nothing here.", "The address may be old, or mistyped.");
    page.links.push(("/".to_owned(), "Today".to_owned()));
    page
}

/// A set-up or sign-in link that was used, or is too old.
pub fn link_used_up() -> Message {
    let mut page = just(
        "This link does not work any more.",
        "It works once, and for a short time. A new one comes from the server: leadbell user link.",
    );
    page.links.push(("/login".to_owned(), "Sign in".to_owned()));
    page
}

/// A link to a lead that is closed or too old, for someone who is not signed in.
pub fn lead_link_gone() -> Message {
    let mut page = just("This link has run out.", "The lead is still there.");
    page.links.push(("/".to_owned(), "Today".to_owned()));
    page
}

/// A page that failed. `again` is the page to try again.
pub fn failed(reference: &str, again: &str) -> Message {
    let mut page = just("That did not work.", &format!("Nothing was lost. Reference {reference}."));
    page.links.push((again.to_owned(), "Try again".to_owned()));
    page.links.push(("/".to_owned(), "Today".to_owned()));
    page
}

/// A form that came without its token, or from elsewhere.
pub fn forged(again: &str) -> Message {
    let mut page =
        just("That page was open for too long.", "Nothing was changed. Open it again and press the button once more.");
    page.links.push((again.to_owned(), "Open it again".to_owned()));
    page
}

/// A form post that could not be stored, told to the visitor who sent it.
pub fn not_stored(shop: &str, phone: Option<&str>) -> Message {
    let way = phone.map_or_else(
        || "Please try again in a minute.".to_owned(),
        |phone| format!("Please call {phone}, or try again in a minute."),
    );
    Message { shop: shop.to_owned(), title: "That did not work.".to_owned(), texts: vec![way], links: Vec::new() }
}

fn just(title: &str, text: &str) -> Message {
    Message { shop: String::new(), title: title.to_owned(), texts: vec![text.to_owned()], links: Vec::new() }
}
