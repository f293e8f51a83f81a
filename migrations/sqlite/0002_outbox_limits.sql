-- How often one recipient is written to: a lead gets a text every half minute at most, one of us ten alerts in ten
-- minutes and then one message for all of them. Counted here, so that a restart forgets nothing.

CREATE TABLE pace (
  key       TEXT PRIMARY KEY,                     -- channel:business:recipient
  window_at INTEGER NOT NULL,                     -- start of the ten minutes that are being counted
  used      INTEGER NOT NULL,                     -- messages sent singly within them
  last_at   INTEGER NOT NULL,                     -- the newest message to them, single or bundle
  bundle_id TEXT                                  -- the bundle (outbox.id) that still takes alerts in
) WITHOUT ROWID;
CREATE INDEX pace_by_age ON pace(last_at);
CREATE INDEX budget_by_age ON budget(expires_at);

ALTER TABLE outbox ADD COLUMN bundle_id TEXT;     -- the message that said this alert together with others
CREATE INDEX outbox_of_bundle ON outbox(bundle_id) WHERE bundle_id IS NOT NULL;

-- Tried and not through yet: what an owner must hear about while there is still time.
CREATE INDEX outbox_trying ON outbox(prio, queued_at) WHERE state = 'queued' AND attempts > 0;
CREATE INDEX outbox_blocked ON outbox(last_class) WHERE state = 'queued' AND last_class = 'blocked';
-- Alerts with words for a mail, should the text not get through within a minute.
CREATE INDEX outbox_second_way ON outbox(queued_at) WHERE state IN ('queued', 'unknown') AND prio = 1 AND fallback_to IS NOT NULL;
