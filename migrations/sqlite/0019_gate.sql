-- What the gate before every send asks, and what keeps answers going while texts cannot.
--
-- opt_out.phone holds addresses as well: whoever unsubscribed from a business's mails stands in the one list that every
-- send asks, and is remembered as a hash (opt_out_hash) when forgotten, like a number that texted STOP.

ALTER TABLE lead ADD COLUMN marketing TEXT;                     -- JSON as consent: what a box for news and offers said; NULL = there was none

ALTER TABLE follow_up ADD COLUMN is_marketing INTEGER NOT NULL DEFAULT 0; -- 1 = goes to those alone who agreed to marketing

CREATE TABLE follow_mail (                        -- follow-ups by mail; no row = none
  business_id TEXT PRIMARY KEY,
  postal      TEXT NOT NULL,                      -- the address that each of them must carry; empty = not said yet
  is_on       INTEGER NOT NULL DEFAULT 0          -- 1 = whoever cannot be texted is followed up by mail
) WITHOUT ROWID;

CREATE TABLE blocked_number (                     -- the carriers block a business's number; no row = not as far as we know
  business_id TEXT PRIMARY KEY,
  code        INTEGER NOT NULL,                   -- of the vendor, for the newest text that was blocked
  last_at     INTEGER NOT NULL,                   -- when that was (UTC milliseconds)
  probe_at    INTEGER NOT NULL,                   -- from then on the next text to a lead finds out whether it is over
  told_at     INTEGER                             -- the owner was told
) WITHOUT ROWID;
