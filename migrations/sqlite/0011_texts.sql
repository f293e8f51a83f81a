-- Texts of people. Each text that comes in is known by its vendor's id, whichever way it came: as a callback, to the
-- address of a source, or from the vendor's list. Instants are UTC milliseconds.

CREATE TABLE text_list (                          -- how far a vendor's list of inbound texts has been read
  account  TEXT PRIMARY KEY,                      -- account and sender
  began_at INTEGER NOT NULL,                      -- first look; what is older came to somebody else
  read_at  INTEGER NOT NULL                       -- the newest look that read the list to its end
) WITHOUT ROWID;

-- Who has which leads: the words of one of us go to the lead that they took last.
CREATE INDEX lead_of_holder ON lead(taken_by, taken_at) WHERE taken_by IS NOT NULL;
-- A text of somebody who is no open lead's: whose number is it?
CREATE INDEX lead_by_phone ON lead(phone) WHERE phone IS NOT NULL;
CREATE INDEX person_by_phone ON person(phone) WHERE phone IS NOT NULL;
