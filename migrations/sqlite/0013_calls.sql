-- Calls to a business's number: whom they rang, and how they ended. A call that nobody heard the end of is taken for
-- missed after a while, so that no caller is lost with a callback.

CREATE TABLE call (
  vendor_id   TEXT PRIMARY KEY,                   -- CallSid
  business_id TEXT NOT NULL,
  caller      TEXT NOT NULL,                      -- as the vendor wrote it; withheld numbers too
  number      TEXT NOT NULL,                      -- ours, which was called
  state       TEXT NOT NULL,                      -- ringing answered missed
  person_id   TEXT,                               -- who of us pressed 1
  lead_id     TEXT,                               -- whose call it was, if that is known
  began_at    INTEGER NOT NULL,                   -- UTC milliseconds
  answered_at INTEGER,
  ended_at    INTEGER,
  talk_secs   INTEGER                             -- as the vendor counted
) WITHOUT ROWID;
CREATE INDEX call_open ON call(began_at) WHERE ended_at IS NULL;
CREATE INDEX call_of_lead ON call(lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX call_of_business ON call(business_id, began_at);
