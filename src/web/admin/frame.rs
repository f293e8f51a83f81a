//! What surrounds a page: the badge, the last lead, what works, the shop's wall clock.

use crate::lead::shop::store;
use crate::lead::store::read;
use crate::outbox::channel::Medium;
use crate::web::House;
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use crate::web::views::chrome::{Chrome, Here};
use crate::web::views::format::{Wall, Way, what_works};

/// A page's frame and the clock it tells time by.
pub struct Frame {
    /// The frame.
    pub chrome: Chrome,
    /// The shop's wall clock.
    pub wall: Wall,
    /// Now, UTC milliseconds.
    pub now_ms: i64,
}

/// The frame of one page of the shop. Ask for it before anything that the page shows, so that no change is missed.
pub async fn frame(house: &House, who: &InBusiness, here: Here) -> Result<Frame, PageError> {
    let seen = house.engine.news.rung();
    let business = &who.business;
    let now_ms = house.clock.now_ms();
    let wall = Wall::new(&business.timezone, &business.country);
    let waiting = read::waiting_count(house.db.read(), &business.id).await?;
    let last = read::last_arrival(house.db.read(), &business.id).await?;
    let chrome = Chrome {
        shop: business.name.clone(),
        slug: business.slug.clone(),
        here,
        waiting: u64::try_from(waiting).unwrap_or(0),
        last_lead: last.map(|at| wall.short(at, now_ms)),
        works: what_works(way(house, Medium::Sms), way(house, Medium::Mail)),
        has_phones: house.engine.preview.is_some(),
        has_others: store::has_several(house.db.read(), who.signed_in.account.business_id.as_ref()).await?,
        zone: wall.name().to_owned(),
        now_ms,
        seen,
        csrf: who.signed_in.csrf.clone(),
    };
    Ok(Frame { chrome, wall, now_ms })
}

/// How a way out is doing.
pub fn way(house: &House, medium: Medium) -> Way {
    match (house.engine.outbox.vendor(medium), house.engine.outbox.trouble(medium)) {
        (None | Some("preview"), _) => Way::Off,
        (Some(_), Some(_)) => Way::Failing,
        (Some(_), None) => Way::Works,
    }
}
