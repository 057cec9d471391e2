-- What a term or pattern would touch, counted by a job before it is accepted: counts, ids and places, no text.
CREATE TABLE rule_preview (
  entry_id uuid PRIMARY KEY REFERENCES dictionary_entry (id),
  project_id uuid NOT NULL,
  run_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'counting',
  result jsonb,
  made_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT rule_preview_state CHECK (state IN ('counting', 'done'))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON rule_preview TO assay_web, assay_worker;
