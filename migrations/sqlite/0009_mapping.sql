-- What the owner says that the fields of a form mean, where our guess is to be overruled.

ALTER TABLE source ADD COLUMN mapping TEXT;       -- JSON list of {at, label, is}; NULL = every meaning is guessed
