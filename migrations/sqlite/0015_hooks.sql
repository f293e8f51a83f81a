-- Outgoing hooks: addresses of a business that are told what happens to its leads. What there is to tell is written
-- down by the very statement that writes the timeline, wherever that stands, so that a hook cannot be forgotten, misses
-- nothing and costs a business without one no more than a look into an empty index.

CREATE TABLE hook (
  id                TEXT PRIMARY KEY,
  business_id       TEXT NOT NULL REFERENCES business(id),
  kind              TEXT NOT NULL,                -- webhook ntfy slack
  host              TEXT NOT NULL,                -- of the address, with its port if that is not 443: to be shown
  url_sealed        TEXT NOT NULL,                -- the address, sealed with the key file: some addresses are secrets
  secret_sealed     TEXT,                         -- what a webhook is signed with, sealed; NULL for the other kinds
  old_secret_sealed TEXT,                         -- the one before, which signs as well until old_until_at
  old_until_at      INTEGER,
  events            TEXT NOT NULL,                -- the events it wants, separated by spaces
  is_on             INTEGER NOT NULL DEFAULT 1,
  off_why           TEXT,                         -- why we switched it off, for people
  failures          INTEGER NOT NULL DEFAULT 0,   -- tries in a row that failed
  paused_until      INTEGER,                      -- after several: nothing goes there before this instant
  created_at        INTEGER NOT NULL
);
CREATE INDEX hook_of_business ON hook(business_id, created_at);

CREATE TABLE hook_due (                           -- events that hooks may want to hear of, until they are planned
  seq       INTEGER PRIMARY KEY,
  event_seq INTEGER NOT NULL                      -- event.seq
);

CREATE TRIGGER hook_hears AFTER INSERT ON event
WHEN NEW.kind IN ('received', 'not_spam', 'taken', 'person', 'replied', 'outcome', 'paid', 'message_failed')
 AND EXISTS (SELECT 1 FROM hook WHERE business_id = NEW.business_id AND is_on = 1)
BEGIN
  INSERT INTO hook_due (event_seq) VALUES (NEW.seq);
END;

ALTER TABLE outbox ADD COLUMN hook_id TEXT;       -- where it goes, if to a hook
CREATE INDEX outbox_of_hook ON outbox(hook_id, queued_at) WHERE hook_id IS NOT NULL;
-- Given up, and the owner not told.
CREATE INDEX outbox_hook_untold ON outbox(hook_id)
  WHERE hook_id IS NOT NULL AND told_at IS NULL AND state IN ('failed', 'expired');
