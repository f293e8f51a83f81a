//! The pages of a business: handlers that fetch with a handful of queries, fill a view and change nothing on a GET.

mod act;
mod again;
mod businesses;
mod connect;
mod deliveries;
mod fields;
mod forget;
mod frame;
mod health;
mod hooks;
mod keep;
mod keys;
mod lead;
mod leads;
mod messages;
mod more;
mod nudge;
mod own_form;
mod owner_link;
mod phones;
mod receipts;
mod registration;
mod report;
mod show;
mod source_health;
mod sources;
mod story;
mod team;
mod today;
mod token;

#[cfg(test)]
mod tests;

use super::App;
use axum::Router;

/// All of them. They belong behind [`super::session::guard`].
pub fn routes() -> Router<App> {
    Router::new()
        .merge(today::routes())
        .merge(leads::routes())
        .merge(lead::routes())
        .merge(forget::routes())
        .merge(messages::routes())
        .merge(sources::routes())
        .merge(source_health::routes())
        .merge(connect::routes())
        .merge(own_form::routes())
        .merge(receipts::routes())
        .merge(registration::routes())
        .merge(report::routes())
        .merge(again::routes())
        .merge(keys::routes())
        .merge(fields::routes())
        .merge(nudge::routes())
        .merge(token::routes())
        .merge(phones::routes())
        .merge(deliveries::routes())
        .merge(team::routes())
        .merge(more::routes())
        .merge(hooks::routes())
        .merge(keep::routes())
        .merge(health::routes())
        .merge(businesses::routes())
        .merge(owner_link::routes())
}
