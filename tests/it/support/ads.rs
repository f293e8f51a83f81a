//! A source whose vendor is asked for what its events leave out, and what that vendor knows.

use super::door::Door;
use super::fake_vendors::FakeVendors;
use super::office::Office;
use super::shop::{Setup, Shop};
use serde_json::{Value, json};

/// Rosa, who filled in a form at Meta.
pub const ROSA: &str = "+15125550198";

pub struct Ads<'a> {
    shop: &'a Shop,
    pub token: String,
    /// Its page.
    pub page: String,
}

/// A shop, the vendors, and who is signed in.
pub async fn open() -> (Shop, FakeVendors) {
    open_with(Setup::default()).await
}

pub async fn open_with(setup: Setup) -> (Shop, FakeVendors) {
    let vendors = FakeVendors::start().await;
    let shop = Shop::with(Setup { vendors_at: Some(vendors.address.clone()), ..setup }).await;
    (shop, vendors)
}

impl<'a> Ads<'a> {
    pub async fn of(shop: &'a Shop, provider: &str) -> Self {
        let (id, token) = shop.source_from(provider, None).await;
        Ads { shop, token, page: format!("/b/harbor/sources/{id}") }
    }

    /// The token is typed on the source's page.
    pub async fn gets_token(&self, office: &Office<'_>, token: &str) {
        let answer = office.presses(&format!("{}/token", self.page), &[("token", token)]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        self.shop.works().await;
    }

    /// Meta says that there is a lead of that number; returns ours.
    pub async fn names(&self, id: &str) -> String {
        let event = json!({"object": "page", "entry": [{"id": "1", "time": 1, "changes": [
            {"field": "leadgen", "value": {"leadgen_id": id, "form_id": "9", "page_id": "1"}}]}]});
        Door::new(self.shop, &self.token).json(&event).await.lead()
    }

    /// Posts a form; returns the lead, if there is one.
    pub async fn posts(&self, form: &[(&str, &str)]) -> String {
        Door::new(self.shop, &self.token).form(form).await.word("lead")
    }
}

/// What Meta knows of a lead.
pub fn lead(id: &str, name: &str, phone: &str, email: &str) -> (String, Value) {
    let field = |name: &str, value: &str| json!({"name": name, "values": [value]});
    let data = [
        field("full_name", name),
        field("email", email),
        field("phone_number", phone),
        field("what_service_do_you_need?", "Roof repair"),
    ];
    (
        format!("/v24.0/{id}"),
        json!({"created_time": "2026-02-11T09:31:39+0000", "id": id, "form_id": "9", "field_data": data}),
    )
}

/// Meta knows Rosa under that number.
pub fn rosa(vendors: &FakeVendors, id: &str) {
    let (path, thing) = lead(id, "Rosa Delgado", ROSA, "rosa@example.com");
    vendors.has(&path, thing);
}

/// The timeline of a lead, a line for each event.
pub fn events(lead: &Value) -> String {
    let words =
        |event: &Value| format!("{} {}\n", event["kind"].as_str().unwrap(), event["detail"].as_str().unwrap_or(""));
    lead["events"].as_array().unwrap().iter().map(words).collect()
}
