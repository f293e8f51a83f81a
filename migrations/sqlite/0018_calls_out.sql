-- Calls to our own people: a step of a ladder may ring, and whoever presses 1 is put through to the lead.

ALTER TABLE handoff_step ADD COLUMN by_call INTEGER NOT NULL DEFAULT 0;

CREATE TABLE bridge (                               -- one of us was put through to a lead, or the attempt at it
  message_id   TEXT PRIMARY KEY,                    -- outbox.id of the call to one of us
  business_id  TEXT NOT NULL,
  lead_id      TEXT NOT NULL,
  person_id    TEXT,                                -- who of us
  dialed_at    INTEGER NOT NULL,                    -- the lead's telephone began to ring (UTC milliseconds)
  connected_at INTEGER,                             -- the lead picked up, or their voicemail did
  ended_at     INTEGER,
  outcome      TEXT,                                -- completed busy no-answer failed canceled, as the vendor says
  talk_secs    INTEGER                              -- as the vendor counted
) WITHOUT ROWID;
CREATE INDEX bridge_of_lead ON bridge(lead_id);
