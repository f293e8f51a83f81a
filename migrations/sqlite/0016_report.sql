-- The newest ISO week whose report was planned (2026-W47), so that each goes out once; also set for a week that needed none.
ALTER TABLE business ADD COLUMN reported_week TEXT;
-- The newest texts of a business, for how its number fares with the carriers.
CREATE INDEX outbox_texts_of_business ON outbox(business_id, sent_at) WHERE channel = 'sms' AND sent_at IS NOT NULL;
