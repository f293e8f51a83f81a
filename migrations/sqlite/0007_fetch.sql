-- Some vendors' events name a person or a payment by its number and say no more. What is missing is asked for with an
-- API token that the owner gives, one row for each question. Instants are UTC milliseconds.

ALTER TABLE source ADD COLUMN api_token_sealed TEXT;  -- what its vendor is asked with, sealed with the key file; NULL = none, questions wait
ALTER TABLE source ADD COLUMN api_token_set_at INTEGER; -- when it was set
ALTER TABLE source ADD COLUMN ask_after INTEGER;      -- its vendor wants no question before, or refused the token; NULL = it may be asked
CREATE INDEX source_with_api_token ON source(id) WHERE api_token_sealed IS NOT NULL;

CREATE TABLE question (                           -- something to be asked for
  id          TEXT PRIMARY KEY,
  business_id TEXT NOT NULL,
  source_id   TEXT NOT NULL REFERENCES source(id),
  receipt_id  TEXT NOT NULL,                      -- the event that named it; its lead is the one that the answer fills in
  what        TEXT NOT NULL,                      -- leadgen appointment payment, in the provider's own terms
  ref         TEXT NOT NULL,                      -- its number there
  is_test     INTEGER NOT NULL DEFAULT 0,         -- the event was a test, so the answer is one
  state       TEXT NOT NULL,                      -- queued asking done failed; queued without a token waits for one
  reason      TEXT,                               -- why it is still queued, or failed, for people
  class       TEXT,                               -- of the newest try: got token forbidden missing busy trouble unreadable refused
  attempts    INTEGER NOT NULL DEFAULT 0,         -- with the token in force
  created_at  INTEGER NOT NULL,
  began_at    INTEGER,                            -- first try with the token in force; tries end three days later
  due_at      INTEGER NOT NULL,                   -- not before
  expires_at  INTEGER NOT NULL,                   -- vendors keep what is asked for about so long
  lease_token TEXT,                               -- fences late answers
  lease_until INTEGER,                            -- on the monotonic clock of boot_id, milliseconds
  boot_id     TEXT,
  done_at     INTEGER
);
CREATE INDEX question_due ON question(source_id, due_at) WHERE state IN ('queued', 'asking');
CREATE INDEX question_of_object ON question(source_id, what, ref);
CREATE INDEX question_of_receipt ON question(receipt_id);
CREATE INDEX question_too_late ON question(expires_at) WHERE state = 'queued';
