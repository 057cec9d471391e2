-- What people said of the steps of a unit; becomes the per-step training flag of its rows.
CREATE TABLE step_mark (
  project_id uuid NOT NULL,
  unit_id text NOT NULL,
  event_id text NOT NULL,
  mark text NOT NULL,
  marked_by uuid NOT NULL,
  marked_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, unit_id, event_id),
  CONSTRAINT step_mark_mark CHECK (mark IN ('good', 'unnecessary', 'mistake', 'recovery'))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON step_mark TO assay_web, assay_worker;

-- An item for one person alone: handed over, or a pair that comes back to the same eyes with its sides swapped.
ALTER TABLE task ADD COLUMN handed_to uuid;
