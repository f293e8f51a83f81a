-- The form that we host for a business at /f/{slug}. A business without a row has one all the same, with the usual
-- words; its source is made when the first submission comes.
CREATE TABLE own_form (
  business_id TEXT PRIMARY KEY REFERENCES business(id),
  source_id   TEXT REFERENCES source(id),         -- where its submissions come in; NULL = none came yet
  consent     TEXT                                -- words beside the box that allows texts; NULL = the usual ones
) WITHOUT ROWID;
