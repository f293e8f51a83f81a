-- Whether the customer is written to when a payment that came by this source did not go through: only if the owner
-- wants it, because a shop may rather call.
ALTER TABLE source ADD COLUMN nudges INTEGER NOT NULL DEFAULT 0;
