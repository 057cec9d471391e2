-- A canary is known to the scorer alone: its task looks like any other. Offsets are code points of the planted text.
CREATE TABLE canary (
  task_id uuid PRIMARY KEY REFERENCES task (id),
  project_id uuid NOT NULL,
  plan_id uuid NOT NULL REFERENCES audit_plan (id),
  unit_id text NOT NULL,
  type text NOT NULL,
  path text NOT NULL,
  start integer NOT NULL,
  "end" integer NOT NULL,
  put_start integer NOT NULL,
  put_end integer NOT NULL
);
CREATE INDEX canary_plan ON canary (plan_id);

-- Where two blind readings differ, or one reader was in doubt: offsets and kinds, one item of the adjudication each.
CREATE TABLE dispute (
  task_id uuid PRIMARY KEY REFERENCES task (id),
  project_id uuid NOT NULL,
  audit_queue_id uuid NOT NULL REFERENCES queue (id),
  queue_id uuid NOT NULL REFERENCES queue (id),
  unit_id text NOT NULL,
  a jsonb,
  b jsonb,
  decision_a uuid,
  decision_b uuid
);
CREATE INDEX dispute_audit_queue ON dispute (audit_queue_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON canary, dispute TO assay_web, assay_worker;
