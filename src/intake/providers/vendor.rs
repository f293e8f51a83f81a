//! One vendor: what differs between senders, as data where it can be and as a function where it must. The recogniser
//! reads the answers; a vendor adds how it signs, where its ids stand, what is no answer and what concerns nobody.

use super::{Certified, Handshake, Provider, Refusal};
use crate::base::text::clean_line;
use crate::intake::flatten::{Answer, flatten};
use crate::intake::node::Node;
use crate::intake::reading::{About, Fetch, Kind, Reading, Request};
use crate::intake::signature::{self, Scheme};
use crate::intake::sniff::{Sniffed, sniff};
use crate::lead::fetch::Asking;

/// Where the sender's own id of a delivery stands.
#[derive(Clone, Copy, Debug)]
pub enum Id {
    /// In a header, named in lower case.
    Header(&'static str),
    /// In the body: names from the outside in, dots between them.
    Path(&'static str),
    /// Two places of the body together, for a sender whose one id alone is not unique.
    Both(&'static str, &'static str),
}

/// A place whose value tells that nobody wrote.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Where, as in [`Id::Path`].
    pub path: &'static str,
    /// What it says there, in lower case; empty = anything at all.
    pub says: &'static [&'static str],
    /// What the submission is then.
    pub means: Kind,
}

/// How a vendor proves that a request is its own.
#[derive(Clone, Copy)]
pub enum Proof {
    /// It cannot. With a secret set, that secret must come along as it must for any form.
    None,
    /// An HMAC.
    Scheme(&'static Scheme<'static>),
    /// In a way of its own: the request, the secrets and the moment (UTC milliseconds) go in.
    Own(fn(&Request<'_>, &[&str], i64) -> Result<(), Refusal>),
    /// The same, where only some of what it sends can be signed: to have no secret is no fault.
    Sometimes(fn(&Request<'_>, &[&str], i64) -> Result<(), Refusal>),
    /// With a certificate that has to be fetched.
    Certified(&'static Certified),
}

/// Longest name and moment of a booking, in characters.
const BOOKING_MAX: usize = 300;

/// See the file's head.
#[derive(Clone, Copy)]
pub struct Vendor {
    /// Its id in commands and fixtures.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// `form`, `booking` …
    pub kind: &'static str,
    /// How it proves that it is the sender.
    pub proof: Proof,
    /// Where its id of a delivery stands, the best first.
    pub ids: &'static [Id],
    /// Places that hold no answer of the visitor's: names of forms, organisers, secrets.
    pub leave_out: &'static [&'static str],
    /// What tells tests, pings and events that concern nobody.
    pub marks: &'static [Mark],
    /// What only this vendor needs: the reading, the whole body as a tree, and the request.
    pub refine: fn(&mut Reading, &Node, &Request<'_>),
    /// Several events in one request, each of which is read for itself; empty = it is one.
    pub split: fn(&Node) -> Vec<Node>,
    /// What is wrong with a secret that was typed, where more than emptiness can be seen.
    pub usable: fn(&str) -> Result<(), Refusal>,
    /// What is inside, where the body is an envelope; none = it is not.
    pub open: fn(&Request<'_>) -> Option<String>,
    /// A body put another way before it is read, where its own way hides what belongs together; none = as it is.
    pub reshape: fn(&Node) -> Option<Node>,
    /// What it is answered, where it must not be our own line of JSON.
    pub answer: Option<(&'static str, &'static str)>,
    /// Its question whether somebody is there, and our answer.
    pub handshake: fn(&Request<'_>, &[&str]) -> Option<Handshake>,
    /// How it is asked for what its events leave out.
    pub asking: Option<&'static Asking>,
    /// As `refine`, for the answer to such a question.
    pub refine_answer: fn(&mut Reading, &Node, &Request<'_>),
}

impl Vendor {
    /// A form of no particular habits.
    pub const PLAIN: Vendor = Vendor {
        id: "",
        name: "",
        kind: "form",
        proof: Proof::None,
        ids: &[],
        leave_out: &[],
        marks: &[],
        refine: |_, _, _| {},
        split: |_| Vec::new(),
        usable: |_| Ok(()),
        open: |_| None,
        reshape: |_| None,
        answer: None,
        handshake: |_, _| None,
        asking: None,
        refine_answer: |_, _, _| {},
    };

    fn sniff(&self, request: &Request<'_>) -> Sniffed {
        match (self.open)(request) {
            Some(inside) => self.reshaped(sniff(&Request { body: inside.as_bytes(), ..*request })),
            None => self.reshaped(sniff(request)),
        }
    }

    fn reshaped(&self, mut sniffed: Sniffed) -> Sniffed {
        if let Some(tree) = (self.reshape)(&sniffed.tree) {
            sniffed.tree = tree;
        }
        sniffed
    }

    /// The events of a request that holds several. What stands between them and is no object says nothing by itself; an
    /// event that holds events again is those, so that each reads alone as it does among the others.
    fn events(&self, tree: &Node) -> Vec<Node> {
        let mut all = Vec::new();
        for event in (self.split)(tree).into_iter().filter(|event| matches!(event, Node::Map(_))) {
            let inside = self.events(&event);
            if inside.is_empty() { all.push(event) } else { all.extend(inside) }
        }
        all
    }

    fn leave_out(&self, tree: &mut Node) {
        for path in self.leave_out {
            tree.remove(path);
        }
    }

    fn read_sniffed(&self, request: &Request<'_>, sniffed: Sniffed) -> Reading {
        self.read_refined(request, sniffed, self.refine)
    }

    fn read_refined(
        &self,
        request: &Request<'_>,
        mut sniffed: Sniffed,
        refine: fn(&mut Reading, &Node, &Request<'_>),
    ) -> Reading {
        let id = self.ids.iter().find_map(|id| id.find(request, &sniffed.tree));
        let mark = self.marks.iter().find(|mark| mark.stands_in(&sniffed.tree)).map(|mark| mark.means);
        let whole = sniffed.tree.clone();
        self.leave_out(&mut sniffed.tree);
        let mut reading = super::generic::read_tree(request, &sniffed);
        reading.event_id = id.or(reading.event_id);
        refine(&mut reading, &whole, request);
        in_their_lines(&mut reading);
        match mark {
            Some(Kind::Test) if matches!(reading.kind, Kind::Lead | Kind::Unreadable) => reading.kind = Kind::Test,
            Some(Kind::Ignored) => concerns_nobody(&mut reading, self.name),
            _ => {}
        }
        reading
    }
}

/// What a vendor's file took out of the tree by itself stands in texts and log lines too.
fn in_their_lines(reading: &mut Reading) {
    reading.event_id = reading.event_id.take().and_then(super::generic::clean_id);
    if let About::Booking(booking) = &mut reading.about {
        for line in [&mut booking.what, &mut booking.starts] {
            *line = line.take().map(|text| clean_line(&text, BOOKING_MAX)).filter(|text| !text.is_empty());
        }
    }
}

/// A thin event: it names a person or a payment without saying more, which has to be asked for.
pub fn has_to_be_asked_for(reading: &mut Reading, what: &str, id: &str) {
    reading.kind = Kind::Lead;
    reading.problem = None;
    (reading.name, reading.first_name, reading.message) = (None, None, None);
    (reading.email, reading.phone, reading.phone_as_given) = (None, None, None);
    reading.fetch = Some(Fetch { what: what.to_owned(), id: id.to_owned() });
}

/// An event that tells of nobody: answered, kept, told to nobody.
pub fn concerns_nobody(reading: &mut Reading, vendor: &str) {
    reading.kind = Kind::Ignored;
    reading.problem = Some(format!("{vendor} sent an event that concerns nobody."));
}

impl Provider for Vendor {
    fn id(&self) -> &'static str {
        self.id
    }

    fn name(&self) -> &'static str {
        self.name
    }

    fn kind(&self) -> &'static str {
        self.kind
    }

    fn signed(&self) -> bool {
        !matches!(self.proof, Proof::None | Proof::Sometimes(_))
    }

    fn verify(&self, request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal> {
        match self.proof {
            Proof::None => super::generic().verify(request, secrets, now_ms),
            Proof::Scheme(scheme) => signature::verify(scheme, request, secrets, now_ms),
            Proof::Own(verify) | Proof::Sometimes(verify) => verify(request, secrets, now_ms),
            Proof::Certified(_) => Err(Refusal::because("This signature cannot be checked without a certificate.")),
        }
    }

    fn certified(&self) -> Option<&'static Certified> {
        match self.proof {
            Proof::Certified(certified) => Some(certified),
            _ => None,
        }
    }

    fn read(&self, request: &Request<'_>) -> Reading {
        self.read_sniffed(request, self.sniff(request))
    }

    fn read_all(&self, request: &Request<'_>) -> Vec<Reading> {
        let sniffed = self.sniff(request);
        let (shape, files) = (sniffed.shape, sniffed.files);
        let events = self.events(&sniffed.tree);
        if events.is_empty() {
            return vec![self.read_sniffed(request, sniffed)];
        }
        events.into_iter().map(|tree| self.read_sniffed(request, Sniffed { shape, tree, files })).collect()
    }

    fn parts(&self, request: &Request<'_>) -> Vec<String> {
        self.events(&self.sniff(request).tree).iter().map(Node::to_json).collect()
    }

    fn answers(&self, request: &Request<'_>) -> Vec<Answer> {
        let mut tree = self.sniff(request).tree;
        self.leave_out(&mut tree);
        flatten(&tree)
    }

    fn asking(&self) -> Option<&'static Asking> {
        self.asking
    }

    fn read_answer(&self, request: &Request<'_>) -> Reading {
        self.read_refined(request, self.reshaped(sniff(request)), self.refine_answer)
    }

    fn usable(&self, secret: &str) -> Result<(), Refusal> {
        if secret.is_empty() {
            return Err(Refusal::because("The secret is empty."));
        }
        if let Proof::Scheme(scheme) = self.proof {
            signature::usable(scheme, secret)?;
        }
        (self.usable)(secret)
    }

    fn answer(&self) -> Option<(&'static str, &'static str)> {
        self.answer
    }

    fn handshake(&self, request: &Request<'_>, secrets: &[&str]) -> Option<Handshake> {
        (self.handshake)(request, secrets)
    }
}

impl Id {
    fn find(&self, request: &Request<'_>, tree: &Node) -> Option<String> {
        let at = |path: &str| tree.text_at(path).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        match self {
            Id::Header(name) => request.first(&[name]).filter(|v| !v.is_empty()).map(str::to_owned),
            Id::Path(path) => at(path),
            Id::Both(first, second) => Some(format!("{}:{}", at(first)?, at(second)?)),
        }
    }
}

impl Mark {
    fn stands_in(&self, tree: &Node) -> bool {
        tree.text_at(self.path)
            .is_some_and(|text| self.says.is_empty() || self.says.contains(&text.trim().to_lowercase().as_str()))
    }
}
