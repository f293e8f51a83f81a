-- Payments. A vendor tells of one sale by several events in any order; each event names the sale by one or more ids,
-- and events that share any of them are the same sale. Instants are UTC milliseconds, money is whole minor units.

CREATE TABLE payment (                            -- one sale
  id             TEXT PRIMARY KEY,
  business_id    TEXT NOT NULL,
  source_id      TEXT NOT NULL,
  lead_id        TEXT,                            -- whose it is; NULL = only a refund was heard of, and nobody knows the person
  state          TEXT NOT NULL,                   -- pending failed paid refunded, in this order; old news never moves it back
  minor          INTEGER,                         -- of the sale; NULL = only a refund was heard of, which does not say
  currency       TEXT NOT NULL,                   -- ISO 4217
  refunded_minor INTEGER NOT NULL DEFAULT 0,      -- given back so far, all refunds together
  what           TEXT,                            -- what was bought, in the vendor's words
  reason         TEXT,                            -- why it failed, in the vendor's words
  created_at     INTEGER NOT NULL,                -- its first event came
  paid_at        INTEGER,                         -- its first event came that said: money
  thanked_at     INTEGER,                         -- the customer's thank-you was planned, or ruled out for good
  changed_at     INTEGER NOT NULL
);
CREATE INDEX payment_of_lead ON payment(lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX payment_of_business ON payment(business_id, created_at);

CREATE TABLE payment_reference (                  -- the ids by which events name a sale; those of tests begin with test:
  source_id  TEXT NOT NULL,
  reference  TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  PRIMARY KEY (source_id, reference)
) WITHOUT ROWID;
CREATE INDEX payment_reference_of_payment ON payment_reference(payment_id);
