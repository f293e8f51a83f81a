//! First run, `/setup/{token}`: you, the business, where alerts go. Typed values survive a mistake; mistakes are
//! named beside their field and in a summary that gets the focus.

use super::countries::COUNTRIES;
use super::format;
use askama::Template;

/// One line of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the form, and its id.
    pub id: &'static str,
    /// Its visible label.
    pub label: &'static str,
    /// A sentence that helps; may be empty.
    pub hint: &'static str,
    /// `text`, `email`, `password`, `tel`.
    pub kind: &'static str,
    /// What browsers fill in by themselves.
    pub autocomplete: &'static str,
    /// Whether it may stay empty.
    pub required: bool,
    /// What was typed; a password is never sent back.
    pub value: String,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// What a person typed at set-up, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Value and mistake of each field by its name: `name`, `email`, `password`, `business`, `mobile`, `country`, `timezone`.
    pub fields: Vec<(&'static str, String, Option<String>)>,
}

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/setup.html")]
pub struct Setup {
    /// The one-time token in the address.
    pub token: String,
    /// Your name.
    pub name: Field,
    /// Your e-mail address.
    pub email: Field,
    /// A password.
    pub password: Field,
    /// The shop's name.
    pub business: Field,
    /// ISO 3166 alpha-2.
    pub country: String,
    /// What is wrong with the country.
    pub country_wrong: Option<String>,
    /// IANA name.
    pub timezone: String,
    /// What is wrong with the zone.
    pub timezone_wrong: Option<String>,
    /// Your mobile.
    pub mobile: Field,
}

impl Setup {
    /// The page with what was typed so far; nothing at first. The form posts `name`, `email`, `password`,
    /// `business`, `country`, `timezone` and `mobile` to `/setup/{token}`.
    pub fn new(token: impl Into<String>, typed: &Typed) -> Self {
        let told = |id| typed.fields.iter().find(|field| field.0 == id);
        let value = |id| told(id).map(|field| field.1.clone()).unwrap_or_default();
        let wrong = |id| told(id).and_then(|field| field.2.clone());
        let field = |id, label, hint, kind, autocomplete, required| {
            let value = if kind == "password" { String::new() } else { value(id) };
            Field { id, label, hint, kind, autocomplete, required, value, wrong: wrong(id) }
        };
        let or = |value: String, default: &str| if value.is_empty() { default.to_owned() } else { value };
        Setup {
            token: token.into(),
            name: field("name", "Your name", "Customers read it: “Dave will call you shortly”.", "text", "name", true),
            email: field("email", "Email", "You sign in with it, and alerts go there too.", "email", "email", true),
            password: field("password", "Password", "Ten characters or more.", "password", "new-password", true),
            business: field("business", "Name of the business", "As customers know it.", "text", "organization", true),
            country: or(value("country"), "US"),
            country_wrong: wrong("country"),
            timezone: or(value("timezone"), "America/New_York"),
            timezone_wrong: wrong("timezone"),
            mobile: field(
                "mobile",
                "Your mobile",
                "Where new leads are texted to. You can add it later.",
                "tel",
                "tel",
                false,
            ),
        }
    }

    /// The fields about the person.
    pub fn you(&self) -> [&Field; 3] {
        [&self.name, &self.email, &self.password]
    }

    /// All mistakes: the field's id and the words.
    pub fn wrong(&self) -> Vec<(&'static str, String)> {
        let fields = [&self.name, &self.email, &self.password, &self.business];
        let mut wrong: Vec<(&'static str, String)> =
            fields.into_iter().filter_map(|field| Some((field.id, field.wrong.clone()?))).collect();
        wrong.extend(self.country_wrong.clone().map(|words| ("country", words)));
        wrong.extend(self.timezone_wrong.clone().map(|words| ("timezone", words)));
        wrong.extend(self.mobile.wrong.clone().map(|words| ("mobile", words)));
        wrong
    }

    /// All countries.
    pub fn countries(&self) -> &'static [(&'static str, &'static str)] {
        &COUNTRIES
    }

    /// All zones.
    pub fn zones(&self) -> Vec<String> {
        format::zones()
    }
}

impl Field {
    /// The ids of what explains it.
    pub fn described_by(&self) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-h", self.id));
        let wrong = self.wrong.is_some().then(|| format!("{}-e", self.id));
        match (hint, wrong) {
            (Some(hint), Some(wrong)) => Some(format!("{hint} {wrong}")),
            (one, other) => one.or(other),
        }
    }
}
