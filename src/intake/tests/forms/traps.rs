//! Robots, boxes and hidden fields. A lead taken for spam is a lost customer, so only what nobody else fills is a trap.

use super::{Case, form, json};
use crate::intake::reading::Kind;

pub fn cases() -> Vec<Case> {
    let spam = |line: &str| {
        form("US", &format!("name=Seo Expert\nemail=seo@example.net\n{line}"))
            .name("Seo Expert")
            .email("seo@example.net")
            .kind(Kind::Spam)
    };
    let lead = |line: &str| {
        form("US", &format!("name=Ana Ruiz\nemail=ana@example.com\n{line}")).name("Ana Ruiz").email("ana@example.com")
    };
    vec![
        spam("_gotcha=x"),
        spam("_honey=1"),
        spam("botcheck=on"),
        spam("bot-field=http://x.example"),
        spam("wpforms[hp]=hello"),
        spam("my_honeypot_7=x"),
        spam("contact_me_by_fax_only=1"),
        spam("hp_website=x"),
        spam("b_1a2b3c4d5e6f7a8b9c0d1e2f3_0a1b2c3d4e=x"),
        spam("Leave this field blank=hello"),
        spam("If you are human, leave this field blank.=x"),
        lead("_gotcha="),
        lead("botcheck=false"),
        lead("website=https://ana.example"),
        lead("url=https://ana.example"),
        lead("company=Acme LLC"),
        lead("Fax=512-555-0199"),
        lead("address2=Leave at the gate"),
        lead("Second phone (leave this blank if you have one)=none"),
        lead("antispam: 3+4=7"),
        lead("hp_no=").name("Ana Ruiz"),
        lead("g-recaptcha-response=03AGdBq\nh-captcha-response=x\n_wpnonce=ab12\n_wp_http_referer=/contact\nutm_source=google\ngclid=Cj0K\npage_url=https://a.example/x\nreferrer=https://g.example\ntimestamp=1770802212931\nuser_agent=Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120"),
        lead("message=See https://a.example/1 https://a.example/2 https://a.example/3 https://a.example/4 - these four pictures show the kitchen as it is now, the floor, the wall with the damp spot and the window that we would like to have replaced before the winter comes, if you can do that; the first was taken in spring and the last one yesterday evening after the rain")
            .message("See https://a.example/1 https://a.example/2 https://a.example/3 https://a.example/4 - these four pictures show the kitchen as it is now, the floor, the wall with the damp spot and the window that we would like to have replaced before the winter comes, if you can do that; the first was taken in spring and the last one yesterday evening after the rain"),
        form("US", "name=Seo\nemail=seo@example.net\nmessage=Buy https://a.example https://b.example https://c.example https://d.example now")
            .name("Seo").email("seo@example.net").message("Buy https://a.example https://b.example https://c.example https://d.example now").kind(Kind::Spam),
        lead("sms_consent=on").consent(true),
        lead("sms_consent=off").consent(false),
        lead("sms_opt_in=0").consent(false),
        lead("text_consent=unchecked").consent(false),
        lead("checkbox-1=I agree to receive text messages from Acme. Consent is not a condition of purchase. Message and data rates may apply.").consent(true),
        lead("I agree to receive texts=no").consent(false),
        lead("newsletter=on"),
        lead("Subscribe to our newsletter=no"),
        lead("newsletter_consent=no\nsms_consent=yes").consent(true),
        lead("accept_terms=yes\nsms_consent=no").consent(false),
        json("DE", r#"{"Name":"Jana Vogt","E-Mail":"jana@example.de","Ich stimme der Kontaktaufnahme per SMS zu":false}"#).name("Jana Vogt").email("jana@example.de").consent(false),
        json("ES", r#"{"nombre":"Ana Ruiz","correo":"ana@example.es","legal":"He leído y acepto la política de privacidad"}"#).name("Ana Ruiz").email("ana@example.es").consent(true),
        lead("gdpr=I do not agree").consent(false),
    ]
}
