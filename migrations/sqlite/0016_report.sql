-- The newest ISO week whose report was planned (2026-W47), so that each goes out once; also set for a week that needed none.
ALTER TABLE business ADD COLUMN reported_week TEXT;
