-- Handing on: who is told next when nobody takes a lead, who is on duty, and what happens after hours. A shop that never
-- set anything of this has no rows here, and its ladder is made of its people.

ALTER TABLE person ADD COLUMN hours TEXT;           -- weekly working hours, JSON as business.hours; NULL = always on duty
ALTER TABLE person ADD COLUMN days_off TEXT;        -- JSON list of [first, last] dates in the shop's zone; NULL = none

CREATE TABLE handoff_step (                         -- one step of a shop's ladder
  business_id TEXT NOT NULL,
  n           INTEGER NOT NULL,                     -- its place: 0, 1, 2 … in the order of after_ms
  after_ms    INTEGER NOT NULL,                     -- since the lead came, or since it waits again
  person_id   TEXT,                                 -- NULL = everyone
  by_text     INTEGER NOT NULL,
  by_mail     INTEGER NOT NULL,
  PRIMARY KEY (business_id, n)
) WITHOUT ROWID;

CREATE TABLE handoff_rule (                         -- what a shop chose; no row = the usual
  business_id   TEXT PRIMARY KEY,
  after_hours   TEXT NOT NULL,                      -- wake: tell who is on call; wait: mail at once, texts at the opening
  on_call       TEXT,                               -- person.id; NULL = whoever is told first
  unanswered_ms INTEGER NOT NULL                    -- so long a taken lead may go unanswered
) WITHOUT ROWID;

CREATE TABLE handoff (                              -- one row per lead that still needs attention
  lead_id     TEXT PRIMARY KEY,
  business_id TEXT NOT NULL,
  kind        TEXT NOT NULL,                        -- waiting: nobody has it; taken: somebody has it and has not answered
  since_at    INTEGER NOT NULL,                     -- the ladder counts from here; may lie ahead, at the next opening
  next        INTEGER NOT NULL,                     -- waiting: the first step not taken yet; taken: 1 once the taker was asked
  ahead       TEXT NOT NULL DEFAULT '',             -- people who need not be told at their step, separated by spaces
  told        TEXT NOT NULL DEFAULT '',             -- people who were told since it waits, separated by spaces
  had_by      TEXT,                                 -- who had it and gave no answer, by name, until the next one is told
  noted       INTEGER NOT NULL DEFAULT 0,           -- it was said that nobody is on duty
  planned_at  INTEGER NOT NULL,                     -- when this row was written last
  due_at      INTEGER NOT NULL                      -- when to look at it next
) WITHOUT ROWID;
CREATE INDEX handoff_due ON handoff(due_at);
