-- How a source is doing: what it usually sends and how often, and which of its troubles the owner was told of.
-- Kept by the rounds, minutes after the submissions; the road neither reads nor writes it.

CREATE TABLE source_health (
  source_id         TEXT PRIMARY KEY REFERENCES source(id),
  business_id       TEXT NOT NULL,
  baseline          TEXT NOT NULL DEFAULT '',     -- learned shape and what differs from it now, as JSON; no answers of visitors
  read_at           INTEGER NOT NULL,             -- submissions up to this instant have been looked at
  recent            TEXT NOT NULL DEFAULT '',     -- what became of the newest ones, a letter each: (a)ccepted, (k)ept, (r)efused
  changed_at        INTEGER,                      -- since when it differs; NULL = it sends as it used to
  changed_told_at   INTEGER,                      -- the newest notice of a change
  usual             TEXT,                         -- its rhythm in words: 3 a day; NULL = too few to have one
  quiet_at          INTEGER,                      -- when the present silence becomes longer than its rhythm explains
  quiet_told_at     INTEGER,                      -- the owner was told of the present silence; NULL again when a lead ends it
  refused_told_at   INTEGER,                      -- of signatures that fail; NULL again when they fit
  unreadable_told_at INTEGER                      -- of submissions that nobody can read; NULL again when they can be
) WITHOUT ROWID;
CREATE INDEX source_health_of_business ON source_health(business_id);
