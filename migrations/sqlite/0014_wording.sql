-- The shop's own words for the texts that answer by themselves, and texts that follow when nobody has answered yet.

CREATE TABLE wording (                            -- no row = the usual words
  business_id TEXT NOT NULL,
  kind        TEXT NOT NULL,                      -- open closed paid missed
  body        TEXT NOT NULL,                      -- with {first} {shop} {owner} {phone} {open} {amount}
  changed_at  INTEGER NOT NULL,
  PRIMARY KEY (business_id, kind)
) WITHOUT ROWID;

CREATE TABLE follow_up (                          -- one step; planned with the lead, called off when somebody answers
  id          TEXT PRIMARY KEY,
  business_id TEXT NOT NULL,
  source_id   TEXT,                               -- only leads of this source; NULL = of all
  after_ms    INTEGER NOT NULL,                   -- since the lead came
  body        TEXT NOT NULL,
  is_on       INTEGER NOT NULL DEFAULT 0,
  created_at  INTEGER NOT NULL
);
CREATE INDEX follow_up_of_business ON follow_up(business_id, after_ms);
