-- Forgetting: what is kept of people, for how long, and what stays of them when they are forgotten.

ALTER TABLE business ADD COLUMN keep_raw_days    INTEGER NOT NULL DEFAULT 90; -- submissions lose their raw bodies after so many days
ALTER TABLE business ADD COLUMN keep_lead_months INTEGER NOT NULL DEFAULT 24; -- leads are forgotten after so many months
ALTER TABLE business ADD COLUMN raw_kept_from    INTEGER NOT NULL DEFAULT 0;  -- bodies of submissions that came up to then are gone
ALTER TABLE business ADD COLUMN leads_kept_from  INTEGER NOT NULL DEFAULT 0;  -- leads that came up to then are forgotten

ALTER TABLE receipt ADD COLUMN blanked_at INTEGER;      -- when body, headers and address were removed; NULL = they are as they came
ALTER TABLE lead    ADD COLUMN forgotten_at INTEGER;    -- when the person was forgotten; clocks, source, kind and state stay
ALTER TABLE lead    ADD COLUMN was_reachable INTEGER NOT NULL DEFAULT 0; -- a forgotten lead had a number or an address, and counts as before
ALTER TABLE outbox  ADD COLUMN forget INTEGER NOT NULL DEFAULT 0; -- 1 = its words go once it is under way no more; 2 = the same, it speaks of others too
CREATE INDEX outbox_to_forget ON outbox(forget) WHERE forget > 0;

CREATE TABLE opt_out_hash (                             -- forgotten numbers that asked for silence
  business_id TEXT NOT NULL,
  phone_hash  TEXT NOT NULL,                            -- HMAC of the number under the key file
  at          INTEGER NOT NULL,                         -- when it asked
  PRIMARY KEY (business_id, phone_hash)
) WITHOUT ROWID;
