//! What surrounds every page of a signed-in person: rail, bottom tabs, badge, foot.

use super::format::initials;

/// Which entry of the navigation is the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// Today.
    Today,
    /// The list of leads, or one of them.
    Leads,
    /// The sources.
    Sources,
    /// What was sent, failing first.
    Deliveries,
    /// Who is told.
    Team,
    /// The texts that answer by themselves.
    Messages,
    /// The preview phones.
    Phones,
    /// All businesses of this person.
    Businesses,
    /// The checks.
    Health,
    /// Account and the rest.
    More,
}

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// The shop's name.
    pub shop: String,
    /// Its word in addresses.
    pub slug: String,
    /// The current page.
    pub here: Here,
    /// How many people wait, for the badge.
    pub waiting: u64,
    /// When the last lead came, as [`super::format::Wall::short`] tells it.
    pub last_lead: Option<String>,
    /// What the foot says of the ways out; see [`super::format::what_works`].
    pub works: String,
    /// Whether there are preview phones to look at.
    pub has_phones: bool,
    /// Whether this person sees more businesses than this one.
    pub has_others: bool,
    /// The shop's zone by its city; see [`super::format::Wall::name`].
    pub zone: String,
    /// Now, in UTC milliseconds: pages tick by the server's clock.
    pub now_ms: i64,
    /// How often the bell had rung when the page was drawn; see [`crate::base::news`].
    pub seen: u64,
    /// The session's token against forged forms.
    pub csrf: String,
}

/// An entry of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which one.
    pub here: Here,
    /// Its address.
    pub href: String,
    /// Its icon.
    pub icon: &'static str,
    /// Its word.
    pub words: &'static str,
}

impl Chrome {
    /// What stands in the rail, in order.
    pub fn rail(&self) -> Vec<Entry> {
        let mut entries = self.first();
        entries.push(self.entry(Here::Team, format!("/b/{}/team", self.slug), "team", "Team"));
        entries.push(self.entry(Here::Messages, format!("/b/{}/messages", self.slug), "pen", "Messages"));
        entries.push(self.entry(Here::Deliveries, format!("/b/{}/deliveries", self.slug), "out", "Deliveries"));
        if self.has_phones {
            entries.push(self.entry(Here::Phones, format!("/b/{}/phones", self.slug), "phone", "Preview phones"));
        }
        if self.has_others {
            entries.push(self.entry(Here::Businesses, "/businesses".to_owned(), "shops", "Businesses"));
        }
        entries.push(self.entry(Here::Health, "/health".to_owned(), "bolt", "Health"));
        entries.push(self.entry(Here::More, format!("/b/{}/more", self.slug), "gear", "Account"));
        entries
    }

    /// What stands at the bottom of a phone; the rest is behind More.
    pub fn tabs(&self) -> Vec<Entry> {
        let mut entries = self.first();
        entries.push(self.entry(Here::More, format!("/b/{}/more", self.slug), "more", "More"));
        entries
    }

    /// Whether a tab is lit: what is behind More lights More.
    pub fn lights(&self, tab: &Here) -> bool {
        let behind_more =
            matches!(self.here, Here::Team | Here::Messages | Here::Deliveries | Here::Phones | Here::Health);
        self.here == *tab || (*tab == Here::More && behind_more)
    }

    /// The shop's mark.
    pub fn mark(&self) -> String {
        initials(&self.shop)
    }

    fn first(&self) -> Vec<Entry> {
        vec![
            self.entry(Here::Today, format!("/b/{}/today", self.slug), "clock", "Today"),
            self.entry(Here::Leads, format!("/b/{}/leads", self.slug), "list", "Leads"),
            self.entry(Here::Sources, format!("/b/{}/sources", self.slug), "plug", "Sources"),
        ]
    }

    fn entry(&self, here: Here, href: String, icon: &'static str, words: &'static str) -> Entry {
        Entry { here, href, icon, words }
    }
}
