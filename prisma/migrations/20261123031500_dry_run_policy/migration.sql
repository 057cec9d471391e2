-- Whether a release needs a passing dry run of the trainers, or has one where a Python is ready.
ALTER TABLE project ADD COLUMN dry_run text NOT NULL DEFAULT 'when_possible' CHECK (dry_run IN ('when_possible', 'required'));
