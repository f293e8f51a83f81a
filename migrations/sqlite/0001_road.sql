-- The road of a lead. Instants are UTC milliseconds since 1970, ids are opaque text, flags are 0 or 1.
-- Every row that belongs to a business says so.

CREATE TABLE business (
  id              TEXT PRIMARY KEY,
  slug            TEXT NOT NULL UNIQUE,           -- in addresses: /b/{slug}/today
  name            TEXT NOT NULL,                  -- as customers know it
  timezone        TEXT NOT NULL,                  -- IANA name; days and clock times are this zone's
  country         TEXT NOT NULL,                  -- ISO 3166 alpha-2; numbers without a prefix are read with it
  phone           TEXT,                           -- the number that the owner calls from, E.164
  hours           TEXT,                           -- weekly opening hours as JSON; NULL = never said, treated as open
  answer_at_night INTEGER NOT NULL DEFAULT 1,     -- the first answer goes at once, whatever the hour
  created_at      INTEGER NOT NULL
);

CREATE TABLE person (                             -- someone who is told about leads
  id          TEXT PRIMARY KEY,
  business_id TEXT NOT NULL REFERENCES business(id),
  name        TEXT NOT NULL,
  phone       TEXT,
  email       TEXT,
  position    INTEGER NOT NULL DEFAULT 0,         -- who is told first: 0
  created_at  INTEGER NOT NULL
);
CREATE INDEX person_of_business ON person(business_id, position);

CREATE TABLE source (
  id            TEXT PRIMARY KEY,
  business_id   TEXT NOT NULL REFERENCES business(id),
  provider      TEXT NOT NULL,                    -- generic, webflow, stripe …
  name          TEXT NOT NULL,
  token_hash    TEXT NOT NULL UNIQUE,             -- SHA-256 of the token in the address
  token_sealed  TEXT NOT NULL,                    -- the token itself, sealed with the key file, to be shown again
  secret_sealed TEXT,                             -- NULL = unsigned submissions are accepted
  thanks_url    TEXT,                             -- where a browser goes after sending; NULL = our own page
  allowed_hosts TEXT NOT NULL DEFAULT '',         -- hosts that a form's _next may name, separated by spaces
  consent       TEXT NOT NULL DEFAULT 'phone',    -- phone: a number beside a disclosure is enough; box: must be ticked; mail: never text
  created_at    INTEGER NOT NULL,
  last_at       INTEGER                           -- newest submission, kept by the road
);
CREATE INDEX source_of_business ON source(business_id, created_at);

CREATE TABLE receipt (                            -- one submission as it came
  id           TEXT PRIMARY KEY,
  business_id  TEXT NOT NULL,
  source_id    TEXT NOT NULL REFERENCES source(id),
  dedupe_key   TEXT NOT NULL,                     -- vendor's id, or hash of the answers; unique per source
  state        TEXT NOT NULL,                     -- accepted test ignored kept spam refused
  problem      TEXT,                              -- why it is not simply accepted, for people
  received_at  INTEGER NOT NULL,
  content_type TEXT,
  headers      TEXT NOT NULL,                     -- those that matter, as a JSON list of pairs; no secrets
  query        TEXT NOT NULL DEFAULT '',
  body         BLOB NOT NULL,                     -- raw; the bytes of files left out
  reading      TEXT,                              -- what we read, as JSON
  files        INTEGER NOT NULL DEFAULT 0,
  remote       TEXT,                              -- network it came from (/24 or /48), never the address itself
  repeats      INTEGER NOT NULL DEFAULT 0,        -- how often the same delivery came again
  lead_id      TEXT
);
CREATE UNIQUE INDEX receipt_once ON receipt(source_id, dedupe_key);
CREATE INDEX receipt_of_business ON receipt(business_id, received_at);
CREATE INDEX receipt_of_lead ON receipt(lead_id) WHERE lead_id IS NOT NULL;

CREATE TABLE lead (
  id            TEXT PRIMARY KEY,
  business_id   TEXT NOT NULL,
  source_id     TEXT NOT NULL,
  kind          TEXT NOT NULL,                    -- form payment call text booking
  is_test       INTEGER NOT NULL DEFAULT 0,
  is_spam       INTEGER NOT NULL DEFAULT 0,
  name          TEXT,
  first_name    TEXT,
  phone         TEXT,
  phone_given   TEXT,                             -- as typed, also when nobody could dial it
  email         TEXT,
  message       TEXT,
  page          TEXT,
  consent       TEXT,                             -- JSON: given, field, words
  fields        TEXT NOT NULL DEFAULT '[]',       -- JSON list of {label, value}, in the form's order
  hours         TEXT,                             -- the schedule in force at arrival; history is never rewritten
  was_closed    INTEGER NOT NULL DEFAULT 0,       -- arrived outside opening hours
  state         TEXT NOT NULL,                    -- waiting taken answered closed
  outcome       TEXT,                             -- booked lost talked … once closed
  writes        INTEGER NOT NULL DEFAULT 1,       -- how many submissions this enquiry holds
  last_write_at INTEGER NOT NULL,
  -- the clocks (their definitions: docs/numbers.md)
  received_at   INTEGER NOT NULL,
  first_text_at INTEGER,
  delivered_at  INTEGER,
  alerted_at    INTEGER,
  taken_at      INTEGER,
  taken_by      TEXT,                             -- person.id
  person_at     INTEGER,
  person_how    TEXT,                             -- call, text, mail, said
  reached_at    INTEGER,
  replied_at    INTEGER,
  closed_at     INTEGER
);
CREATE INDEX lead_by_time ON lead(business_id, received_at);
CREATE INDEX lead_waiting ON lead(business_id, received_at) WHERE state IN ('waiting', 'taken') AND is_test = 0 AND is_spam = 0;
CREATE INDEX lead_open_phone ON lead(business_id, phone) WHERE phone IS NOT NULL AND state <> 'closed';
CREATE INDEX lead_open_email ON lead(business_id, email) WHERE email IS NOT NULL AND state <> 'closed';

CREATE TABLE event (                              -- what happened to a lead, for its timeline
  seq         INTEGER PRIMARY KEY,
  business_id TEXT NOT NULL,
  lead_id     TEXT NOT NULL,
  at          INTEGER NOT NULL,
  kind        TEXT NOT NULL,                      -- received wrote_again message_accepted message_delivered message_failed message_held taken handed_back passed_on person reached replied outcome reopened not_spam note opted_out opted_in
  by          TEXT,                               -- a person's name, or NULL for the machine
  detail      TEXT                                -- words, or a message id
);
CREATE INDEX event_of_lead ON event(lead_id, at);

CREATE TABLE first_message (                      -- one first message per person and business in 12 hours
  business_id TEXT NOT NULL,
  contact     TEXT NOT NULL,                      -- E.164 number or e-mail address
  lead_id     TEXT NOT NULL,
  at          INTEGER NOT NULL,
  PRIMARY KEY (business_id, contact)
) WITHOUT ROWID;

CREATE TABLE opt_out (
  business_id TEXT NOT NULL,
  phone       TEXT NOT NULL,
  at          INTEGER NOT NULL,
  how         TEXT NOT NULL,                      -- the keyword, or the carrier's code
  PRIMARY KEY (business_id, phone)
) WITHOUT ROWID;

CREATE TABLE alert_link (                         -- /l/{code}: one lead, for one person, no sign-in
  code        TEXT PRIMARY KEY,
  business_id TEXT NOT NULL,
  lead_id     TEXT NOT NULL,
  person_id   TEXT NOT NULL,
  digit       INTEGER,                            -- what this person replies to take the lead, 1 to 9; NULL = none was free
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX alert_link_of_lead ON alert_link(lead_id);
CREATE INDEX alert_link_digits ON alert_link(person_id, created_at) WHERE digit IS NOT NULL;

CREATE TABLE outbox (
  id            TEXT PRIMARY KEY,
  business_id   TEXT NOT NULL,
  lead_id       TEXT,
  person_id     TEXT,                             -- whom of our own it tells, if not the lead
  source_id     TEXT,
  purpose       TEXT NOT NULL,                    -- lead_reply owner_alert escalation follow_up relay notice report
  step          TEXT NOT NULL,                    -- which message of its purpose; deterministic
  channel       TEXT NOT NULL,                    -- sms mail
  recipient     TEXT NOT NULL,                    -- E.164 or e-mail address
  subject       TEXT NOT NULL DEFAULT '',
  body          TEXT NOT NULL,                    -- frozen when planned
  html          TEXT,
  parts         INTEGER NOT NULL DEFAULT 1,
  prio          INTEGER NOT NULL,                 -- 0 instant text to a lead, 1 owner alert, 2 replies, 3 reports
  remote        TEXT,                             -- network the submission came from, for the caps
  queued_at     INTEGER NOT NULL,
  due_at        INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL,
  state         TEXT NOT NULL,                    -- queued sending accepted delivered unknown held failed expired cancelled
  reason        TEXT,                             -- why it is where it is, for people
  attempts      INTEGER NOT NULL DEFAULT 0,
  lease_token   TEXT,                             -- fences late results
  lease_until   INTEGER,                          -- on the monotonic clock of boot_id, milliseconds
  boot_id       TEXT,
  vendor_id     TEXT,
  vendor_status TEXT,
  status_rank   INTEGER NOT NULL DEFAULT -1,
  last_class    TEXT,
  last_code     INTEGER,
  sent_at       INTEGER,                          -- start of the newest attempt
  next_check_at INTEGER,                          -- of an unknown outcome
  checks        INTEGER NOT NULL DEFAULT 0,       -- look-ups so far that came back clean and empty
  accepted_at   INTEGER,
  delivered_at  INTEGER,
  released      INTEGER NOT NULL DEFAULT 0,       -- the owner said: send it all the same; caps no longer hold it
  told_at       INTEGER,                          -- the owner was told of its failure
  fallback_to   TEXT,                             -- where the same is said by mail if this cannot be sent, words frozen
  fallback_subject TEXT,
  fallback_body TEXT
);
CREATE UNIQUE INDEX outbox_step ON outbox(lead_id, purpose, step) WHERE lead_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_vendor ON outbox(vendor_id) WHERE vendor_id IS NOT NULL;
CREATE INDEX outbox_due ON outbox(channel, prio, due_at, id) WHERE state = 'queued';
CREATE INDEX outbox_too_late ON outbox(expires_at) WHERE state = 'queued';
CREATE INDEX outbox_unknown ON outbox(next_check_at) WHERE state = 'unknown';
CREATE INDEX outbox_sending ON outbox(lease_until) WHERE state = 'sending';
CREATE INDEX outbox_needs_you ON outbox(business_id, queued_at) WHERE state IN ('held', 'failed', 'expired', 'unknown');
CREATE INDEX outbox_of_business ON outbox(business_id, queued_at);

CREATE TABLE attempt (                            -- written before the bytes leave
  message_id  TEXT NOT NULL,
  n           INTEGER NOT NULL,
  business_id TEXT NOT NULL,
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  class       TEXT,                               -- accepted not_sent rejected blocked unknown; NULL while under way
  code        INTEGER,
  vendor_id   TEXT,
  reason      TEXT,
  PRIMARY KEY (message_id, n)
) WITHOUT ROWID;

CREATE TABLE callback (                           -- what a vendor told us of a message, each piece of news once
  vendor_id  TEXT NOT NULL,
  status     TEXT NOT NULL,
  code       INTEGER NOT NULL DEFAULT 0,
  at         INTEGER NOT NULL,
  message_id TEXT,                                -- NULL: none of ours is known by that id yet
  PRIMARY KEY (vendor_id, status, code)
) WITHOUT ROWID;

CREATE TABLE budget (                             -- durable counters behind the caps; reserved before sending
  key        TEXT NOT NULL,                       -- who is counted: number, prefix, network, source, business
  starts_at  INTEGER NOT NULL,                    -- of the window
  used       INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (key, starts_at)
) WITHOUT ROWID;

CREATE TABLE inbound (                            -- texts that came in
  vendor_id   TEXT PRIMARY KEY,                   -- MessageSid: the same text is stored once
  business_id TEXT,
  lead_id     TEXT,
  person_id   TEXT,                               -- if it came from one of our own people
  sender      TEXT NOT NULL,
  recipient   TEXT NOT NULL,
  body        TEXT NOT NULL,
  media       INTEGER NOT NULL DEFAULT 0,
  keyword     TEXT,                               -- stop start help
  received_at INTEGER NOT NULL
);
CREATE INDEX inbound_of_lead ON inbound(lead_id, received_at);

CREATE TABLE account (                            -- a sign-in
  id            TEXT PRIMARY KEY,
  email         TEXT NOT NULL UNIQUE,
  name          TEXT NOT NULL DEFAULT '',
  password_hash TEXT,                             -- argon2id, PHC format; NULL = by link only
  business_id   TEXT REFERENCES business(id),     -- NULL = all businesses
  created_at    INTEGER NOT NULL
);

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account(id),
  csrf       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_of_account ON session(account_id);

CREATE TABLE login_link (                         -- works once
  token_hash TEXT PRIMARY KEY,
  account_id TEXT REFERENCES account(id),         -- NULL = the setup link
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER
) WITHOUT ROWID;

CREATE TABLE api_token (
  id           TEXT PRIMARY KEY,
  business_id  TEXT REFERENCES business(id),      -- NULL = all businesses
  name         TEXT NOT NULL,
  token_hash   TEXT NOT NULL UNIQUE,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER
);

CREATE TABLE wrong_address (                      -- posts to addresses that do not exist, counted per day
  day      INTEGER PRIMARY KEY,                   -- days since 1970, UTC
  hits     INTEGER NOT NULL,
  last_at  INTEGER NOT NULL
);
