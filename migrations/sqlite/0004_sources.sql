-- Keys of a source change without losing a submission: what was replaced works seven days more.

ALTER TABLE source ADD COLUMN address_made_at INTEGER; -- when the address in force was made; NULL = with the source
ALTER TABLE source ADD COLUMN address_used_at INTEGER; -- last submission to the address in force, to the minute
ALTER TABLE source ADD COLUMN secret_made_at  INTEGER; -- when the secret in force was set; NULL = with the source
ALTER TABLE source ADD COLUMN secret_used_at  INTEGER; -- last submission that fitted the secret in force, to the minute

CREATE TABLE old_key (                            -- an address or a secret that was replaced
  seq        INTEGER PRIMARY KEY,
  source_id  TEXT NOT NULL REFERENCES source(id),
  kind       TEXT NOT NULL,                       -- address secret
  token_hash TEXT UNIQUE,                         -- of an address: SHA-256 of its token
  sealed     TEXT NOT NULL,                       -- token or secret, sealed with the key file
  until_at   INTEGER NOT NULL,                    -- works until then
  used_at    INTEGER                              -- last submission by it, to the minute
);
CREATE INDEX old_key_of_source ON old_key(source_id, until_at);
