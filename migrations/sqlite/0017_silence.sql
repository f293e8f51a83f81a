-- Who asked for silence in words of their own ("please stop texting me"): nothing goes to them by itself any more. A person's
-- own words still may. START lifts it; STOP is another list, and binds everybody.

CREATE TABLE silence (
  business_id TEXT NOT NULL,
  phone       TEXT NOT NULL,                      -- E.164
  at          INTEGER NOT NULL,                   -- UTC milliseconds
  PRIMARY KEY (business_id, phone)
) WITHOUT ROWID;
