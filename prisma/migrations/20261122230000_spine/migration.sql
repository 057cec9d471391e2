-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "project" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "is_demo" BOOLEAN NOT NULL DEFAULT false,
    "approvals" INTEGER NOT NULL DEFAULT 2,
    "double_share" DOUBLE PRECISION NOT NULL DEFAULT 0.2,
    "gate_direct" DOUBLE PRECISION NOT NULL DEFAULT 0.005,
    "quasi_policy" JSONB NOT NULL DEFAULT '{}',
    "dict_version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'active',
    "site_role" TEXT,
    "is_first_admin" BOOLEAN NOT NULL DEFAULT false,
    "letters_off" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "project_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("project_id","person_id")
);

-- CreateTable
CREATE TABLE "session" (
    "id_sha256" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "project_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "reauth_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),
    "user_agent" TEXT,
    "ip_prefix" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id_sha256")
);

-- CreateTable
CREATE TABLE "bootstrap_token" (
    "sha256" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bootstrap_token_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "invite" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "token_sha256" TEXT NOT NULL,
    "invited_by" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invite_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "person_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "scopes" TEXT[],
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_failure" (
    "id" BIGSERIAL NOT NULL,
    "account_key" TEXT NOT NULL,
    "ip_prefix" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_in_failure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_view" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "controller" TEXT NOT NULL,
    "legal_basis" TEXT NOT NULL,
    "purposes" TEXT[],
    "consent_ref" TEXT,
    "region" TEXT NOT NULL,
    "recipients_allowed" TEXT[],
    "retention_raw_days" INTEGER NOT NULL,
    "retention_redacted_days" INTEGER NOT NULL,
    "categories" TEXT[],
    "mask_paths" TEXT[],
    "keep_paths" TEXT[],
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "source_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recipient" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "purposes" TEXT[],
    "agreement_date" DATE NOT NULL,
    "agreement_expires" DATE NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "recipient_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "filename" TEXT NOT NULL,
    "format" TEXT,
    "size" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "received" BIGINT NOT NULL DEFAULT 0,
    "state" TEXT NOT NULL DEFAULT 'uploading',
    "reason" TEXT,
    "adapter" TEXT,
    "records" INTEGER NOT NULL DEFAULT 0,
    "mapped" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "quarantined" INTEGER NOT NULL DEFAULT 0,
    "trajectories" INTEGER NOT NULL DEFAULT 0,
    "units" INTEGER NOT NULL DEFAULT 0,
    "events" INTEGER NOT NULL DEFAULT 0,
    "leftovers" INTEGER NOT NULL DEFAULT 0,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "ref_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'ready',
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "chunks_total" INTEGER NOT NULL DEFAULT 0,
    "chunks_done" INTEGER NOT NULL DEFAULT 0,
    "items_total" BIGINT NOT NULL DEFAULT 0,
    "items_done" BIGINT NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error_code" TEXT,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "chunk" (
    "run_id" UUID NOT NULL,
    "no" INTEGER NOT NULL,
    "stage" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'ready',
    "progress" BIGINT NOT NULL DEFAULT 0,
    "items_total" BIGINT NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "fence" BIGINT NOT NULL DEFAULT 0,
    "leased_by" TEXT,
    "heartbeat_at" TIMESTAMPTZ(3),
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "error_code" TEXT,
    "from_ordinal" BIGINT NOT NULL DEFAULT 0,
    "to_ordinal" BIGINT NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "chunk_pkey" PRIMARY KEY ("run_id","no")
);

-- CreateTable
CREATE TABLE "record" (
    "import_id" UUID NOT NULL,
    "member" TEXT NOT NULL DEFAULT '',
    "record_no" INTEGER NOT NULL,
    "byte_start" BIGINT NOT NULL,
    "byte_end" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "fate" TEXT NOT NULL,

    CONSTRAINT "record_pkey" PRIMARY KEY ("import_id","member","record_no")
);

-- CreateTable
CREATE TABLE "quarantine" (
    "import_id" UUID NOT NULL,
    "member" TEXT NOT NULL DEFAULT '',
    "record_no" INTEGER NOT NULL,
    "project_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "byte_start" BIGINT NOT NULL,
    "byte_end" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "excerpt" TEXT NOT NULL,
    "message" TEXT,

    CONSTRAINT "quarantine_pkey" PRIMARY KEY ("import_id","member","record_no")
);

-- CreateTable
CREATE TABLE "trajectory" (
    "project_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "import_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "ordinal" BIGINT NOT NULL,
    "adapter" TEXT NOT NULL,
    "root_id" TEXT NOT NULL,
    "parent_id" TEXT,
    "event_count" INTEGER NOT NULL,
    "models" TEXT[],
    "flags" TEXT[],
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "content_sha" TEXT NOT NULL,
    "external_key" TEXT,
    "task_key" TEXT,
    "branch_of" TEXT,
    "branch_selected" BOOLEAN NOT NULL DEFAULT true,
    "branch_rank" INTEGER,
    "reward" DOUBLE PRECISION,
    "record_from" INTEGER NOT NULL,
    "record_to" INTEGER NOT NULL,
    "redacted_at" TIMESTAMPTZ(3),
    "redact_due" INTEGER,

    CONSTRAINT "trajectory_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "unit" (
    "project_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "trajectory_id" TEXT NOT NULL,
    "root_id" TEXT NOT NULL,
    "import_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "cut_rule_id" TEXT NOT NULL,
    "range_from" INTEGER NOT NULL,
    "range_to" INTEGER NOT NULL,
    "segment_of" TEXT,
    "hash" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "head" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "event_count" INTEGER NOT NULL,
    "words" INTEGER NOT NULL,
    "level" TEXT NOT NULL,
    "lang" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "task_type" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "outcome_basis" TEXT NOT NULL,
    "tools" TEXT[],
    "models" TEXT[],
    "flags" TEXT[],
    "eligible" BOOLEAN NOT NULL,
    "ineligible_reasons" TEXT[],
    "errors" INTEGER NOT NULL DEFAULT 0,
    "recovered" BOOLEAN NOT NULL DEFAULT false,
    "steps" INTEGER NOT NULL DEFAULT 0,
    "calls" INTEGER NOT NULL DEFAULT 0,
    "hops" INTEGER NOT NULL DEFAULT 0,
    "turns" INTEGER NOT NULL DEFAULT 0,
    "tokens" INTEGER NOT NULL DEFAULT 0,
    "span_count" INTEGER NOT NULL DEFAULT 0,
    "suggest_count" INTEGER NOT NULL DEFAULT 0,
    "bytes_present" BIGINT NOT NULL,
    "bytes_scanned" BIGINT NOT NULL,
    "detector_bundle" TEXT NOT NULL,
    "dict_version" INTEGER NOT NULL,
    "person_key" TEXT,
    "purposes" TEXT[],
    "legal_basis" TEXT NOT NULL,
    "consent_ref" TEXT,
    "region" TEXT NOT NULL,
    "recipients_allowed" TEXT[],
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),
    "record_from" INTEGER NOT NULL,
    "record_to" INTEGER NOT NULL,
    "byte_start" BIGINT NOT NULL,
    "byte_end" BIGINT NOT NULL,
    "search" tsvector,

    CONSTRAINT "unit_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "event" (
    "project_id" UUID NOT NULL,
    "unit_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("project_id","unit_id","position")
);

-- CreateTable
CREATE TABLE "span" (
    "project_id" UUID NOT NULL,
    "unit_id" TEXT NOT NULL,
    "no" INTEGER NOT NULL,
    "path" TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "detector" TEXT NOT NULL,
    "view" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "placeholder" TEXT NOT NULL,
    "decision" TEXT NOT NULL DEFAULT 'auto',

    CONSTRAINT "span_pkey" PRIMARY KEY ("project_id","unit_id","no")
);

-- CreateTable
CREATE TABLE "placeholder" (
    "project_id" UUID NOT NULL,
    "unit_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "entity" TEXT NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "placeholder_pkey" PRIMARY KEY ("project_id","unit_id","type","n")
);

-- CreateTable
CREATE TABLE "tag" (
    "project_id" UUID NOT NULL,
    "unit_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "origin" TEXT NOT NULL,

    CONSTRAINT "tag_pkey" PRIMARY KEY ("project_id","unit_id","name")
);

-- CreateTable
CREATE TABLE "frame" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "frame_hash" TEXT NOT NULL,
    "units" INTEGER NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "frame_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "frame_unit" (
    "frame_id" UUID NOT NULL,
    "unit_id" TEXT NOT NULL,
    "unit_hash" TEXT NOT NULL,
    "stratum" TEXT NOT NULL,

    CONSTRAINT "frame_unit_pkey" PRIMARY KEY ("frame_id","unit_id")
);

-- CreateTable
CREATE TABLE "audit_plan" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "frame_id" UUID NOT NULL,
    "queue_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "design" TEXT NOT NULL,
    "sample_size" INTEGER NOT NULL,
    "alpha" DOUBLE PRECISION NOT NULL,
    "looks" JSONB NOT NULL,
    "seed" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'drawn',
    "sealed_at" TIMESTAMPTZ(3),
    "statement" JSONB,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "frozen_unit" (
    "plan_id" UUID NOT NULL,
    "unit_id" TEXT NOT NULL,
    "unit_hash" TEXT NOT NULL,
    "head" TEXT NOT NULL,
    "events" TEXT NOT NULL,

    CONSTRAINT "frozen_unit_pkey" PRIMARY KEY ("plan_id","unit_id")
);

-- CreateTable
CREATE TABLE "queue" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "overlap" INTEGER NOT NULL DEFAULT 1,
    "seed" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "queue_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "queue_id" UUID NOT NULL,
    "subject_id" TEXT NOT NULL,
    "subject_hash" TEXT NOT NULL,
    "slot" INTEGER NOT NULL DEFAULT 1,
    "position" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "claimed_by" UUID,
    "claim_sha256" TEXT,
    "free_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity'::timestamptz,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "design" TEXT,
    "stratum" TEXT,
    "pi" DOUBLE PRECISION,
    "draw_index" INTEGER,
    "sealed_at" TIMESTAMPTZ(3),

    CONSTRAINT "task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "declined" (
    "task_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "why" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "declined_pkey" PRIMARY KEY ("task_id","person_id")
);

-- CreateTable
CREATE TABLE "decision" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "reviewer_id" UUID NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "active_ms" INTEGER,
    "is_hasty" BOOLEAN NOT NULL DEFAULT false,
    "supersedes" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "miss" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "unit_id" TEXT NOT NULL,
    "decision_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    "entity" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "miss_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dictionary_entry" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "mode" TEXT NOT NULL DEFAULT 'word',
    "action" TEXT NOT NULL DEFAULT 'mask',
    "scope" TEXT NOT NULL DEFAULT 'project',
    "scope_id" TEXT,
    "entity" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'accepted',
    "version" INTEGER NOT NULL,
    "origin" TEXT NOT NULL,
    "created_by" UUID NOT NULL,
    "accepted_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dictionary_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "gold_unit" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "unit_id" TEXT NOT NULL,
    "unit_hash" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "machine" JSONB NOT NULL,
    "gold" JSONB NOT NULL,
    "rubric" JSONB NOT NULL,
    "created_by" UUID NOT NULL,
    "sealed_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sealed_at" TIMESTAMPTZ(3),

    CONSTRAINT "gold_unit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pair" (
    "id" TEXT NOT NULL,
    "project_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "strength" TEXT NOT NULL,
    "prompt_unit_id" TEXT NOT NULL,
    "chosen_unit_id" TEXT NOT NULL,
    "rejected_unit_id" TEXT NOT NULL,
    "candidate" JSONB NOT NULL,
    "prefix_events" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'candidate',
    "seed" TEXT NOT NULL,
    "label" JSONB,
    "labelled_by" UUID,
    "labelled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pair_pkey" PRIMARY KEY ("project_id","id")
);

-- CreateTable
CREATE TABLE "target" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "shares" JSONB NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "target_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "split_assignment" (
    "project_id" UUID NOT NULL,
    "member_id" TEXT NOT NULL,
    "group_id" TEXT NOT NULL,
    "split" TEXT NOT NULL,
    "release_id" UUID,

    CONSTRAINT "split_assignment_pkey" PRIMARY KEY ("project_id","member_id")
);

-- CreateTable
CREATE TABLE "release" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "recipient_id" UUID NOT NULL,
    "filter" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "frame_id" UUID,
    "snapshot_hash" TEXT,
    "manifest_sha256" TEXT,
    "folder" TEXT,
    "summary" JSONB,
    "built_by" UUID,
    "built_at" TIMESTAMPTZ(3),
    "predecessor_id" UUID,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "approved_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoke_reason" TEXT,

    CONSTRAINT "release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "release_unit" (
    "release_id" UUID NOT NULL,
    "row_id" TEXT NOT NULL,
    "unit_id" TEXT NOT NULL,
    "unit_hash" TEXT NOT NULL,
    "config" TEXT NOT NULL,
    "split" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "group_id" TEXT NOT NULL,
    "cluster_id" TEXT NOT NULL,

    CONSTRAINT "release_unit_pkey" PRIMARY KEY ("release_id","row_id")
);

-- CreateTable
CREATE TABLE "release_gate" (
    "release_id" UUID NOT NULL,
    "gate" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "limit_text" TEXT NOT NULL,
    "is_waivable" BOOLEAN NOT NULL DEFAULT false,
    "evidence" JSONB NOT NULL,

    CONSTRAINT "release_gate_pkey" PRIMARY KEY ("release_id","gate")
);

-- CreateTable
CREATE TABLE "release_gate_row" (
    "release_id" UUID NOT NULL,
    "gate" TEXT NOT NULL,
    "no" INTEGER NOT NULL,
    "ref_kind" TEXT NOT NULL,
    "ref_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "detail" TEXT NOT NULL,

    CONSTRAINT "release_gate_row_pkey" PRIMARY KEY ("release_id","gate","no")
);

-- CreateTable
CREATE TABLE "approval" (
    "release_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "snapshot_hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "approval_pkey" PRIMARY KEY ("release_id","person_id")
);

-- CreateTable
CREATE TABLE "download" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "release_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "file" TEXT NOT NULL,
    "nonce_sha256" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "download_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger" (
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "action" TEXT NOT NULL,
    "object_kind" TEXT NOT NULL,
    "object_id" TEXT,
    "project_id" UUID,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "details" TEXT NOT NULL,
    "prev_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "ledger_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "ledger_head" (
    "id" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "ledger_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_checkpoint" (
    "seq" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "key_id" TEXT NOT NULL,
    "signature" TEXT NOT NULL,

    CONSTRAINT "ledger_checkpoint_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "worker_beat" (
    "worker_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_beat_pkey" PRIMARY KEY ("worker_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "project_slug_key" ON "project"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "person_email_key" ON "person"("email");

-- CreateIndex
CREATE INDEX "session_person_id_idx" ON "session"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "invite_token_sha256_key" ON "invite"("token_sha256");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_sha256_key" ON "api_token"("sha256");

-- CreateIndex
CREATE INDEX "sign_in_failure_account_key_at_idx" ON "sign_in_failure"("account_key", "at");

-- CreateIndex
CREATE INDEX "sign_in_failure_ip_prefix_at_idx" ON "sign_in_failure"("ip_prefix", "at");

-- CreateIndex
CREATE UNIQUE INDEX "saved_view_project_id_person_id_page_name_key" ON "saved_view"("project_id", "person_id", "page", "name");

-- CreateIndex
CREATE UNIQUE INDEX "source_project_id_name_key" ON "source"("project_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "recipient_project_id_name_key" ON "recipient"("project_id", "name");

-- CreateIndex
CREATE INDEX "import_project_id_created_at_idx" ON "import"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "run_project_id_created_at_idx" ON "run"("project_id", "created_at");

-- CreateIndex
CREATE INDEX "run_ref_id_idx" ON "run"("ref_id");

-- CreateIndex
CREATE INDEX "chunk_state_not_before_idx" ON "chunk"("state", "not_before");

-- CreateIndex
CREATE INDEX "quarantine_project_id_reason_idx" ON "quarantine"("project_id", "reason");

-- CreateIndex
CREATE INDEX "trajectory_import_id_ordinal_idx" ON "trajectory"("import_id", "ordinal");

-- CreateIndex
CREATE INDEX "trajectory_project_id_root_id_idx" ON "trajectory"("project_id", "root_id");

-- CreateIndex
CREATE INDEX "trajectory_project_id_task_key_idx" ON "trajectory"("project_id", "task_key");

-- CreateIndex
CREATE INDEX "unit_project_id_trajectory_id_idx" ON "unit"("project_id", "trajectory_id");

-- CreateIndex
CREATE INDEX "unit_project_id_import_id_idx" ON "unit"("project_id", "import_id");

-- CreateIndex
CREATE INDEX "unit_project_id_kind_level_idx" ON "unit"("project_id", "kind", "level");

-- CreateIndex
CREATE INDEX "span_project_id_entity_idx" ON "span"("project_id", "entity");

-- CreateIndex
CREATE INDEX "queue_project_id_kind_idx" ON "queue"("project_id", "kind");

-- CreateIndex
CREATE INDEX "task_queue_id_subject_id_idx" ON "task"("queue_id", "subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "task_queue_id_subject_id_slot_key" ON "task"("queue_id", "subject_id", "slot");

-- CreateIndex
CREATE UNIQUE INDEX "task_queue_id_subject_id_claimed_by_key" ON "task"("queue_id", "subject_id", "claimed_by");

-- CreateIndex
CREATE UNIQUE INDEX "task_queue_id_subject_id_decided_by_key" ON "task"("queue_id", "subject_id", "decided_by");

-- CreateIndex
CREATE UNIQUE INDEX "decision_supersedes_key" ON "decision"("supersedes");

-- CreateIndex
CREATE INDEX "decision_task_id_idx" ON "decision"("task_id");

-- CreateIndex
CREATE INDEX "decision_project_id_reviewer_id_created_at_idx" ON "decision"("project_id", "reviewer_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "decision_reviewer_id_idempotency_key_key" ON "decision"("reviewer_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "miss_project_id_unit_id_idx" ON "miss"("project_id", "unit_id");

-- CreateIndex
CREATE INDEX "dictionary_entry_project_id_state_idx" ON "dictionary_entry"("project_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "gold_unit_project_id_unit_id_version_key" ON "gold_unit"("project_id", "unit_id", "version");

-- CreateIndex
CREATE INDEX "pair_project_id_state_source_idx" ON "pair"("project_id", "state", "source");

-- CreateIndex
CREATE UNIQUE INDEX "target_project_id_version_key" ON "target"("project_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "release_project_id_number_key" ON "release"("project_id", "number");

-- CreateIndex
CREATE INDEX "release_unit_release_id_unit_id_idx" ON "release_unit"("release_id", "unit_id");

-- CreateIndex
CREATE UNIQUE INDEX "download_nonce_sha256_key" ON "download"("nonce_sha256");

-- CreateIndex
CREATE INDEX "ledger_project_id_seq_idx" ON "ledger"("project_id", "seq");

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chunk" ADD CONSTRAINT "chunk_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_plan" ADD CONSTRAINT "audit_plan_frame_id_fkey" FOREIGN KEY ("frame_id") REFERENCES "frame"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "queue"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release_gate" ADD CONSTRAINT "release_gate_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Below: what the schema language can't say.

CREATE UNIQUE INDEX person_one_first_admin ON person (is_first_admin) WHERE is_first_admin;
CREATE UNIQUE INDEX import_same_bytes ON import (source_id, sha256) WHERE state <> 'refused';
CREATE UNIQUE INDEX decision_one_first ON decision (task_id) WHERE supersedes IS NULL;
CREATE INDEX trajectory_redact_due ON trajectory (project_id, id) WHERE redact_due IS NOT NULL;
CREATE INDEX task_open ON task (queue_id, position) WHERE state = 'open';
CREATE INDEX unit_search ON unit USING gin (search);
ALTER TABLE chunk ADD CONSTRAINT chunk_state CHECK (state IN ('ready', 'running', 'done', 'blocked', 'dead', 'cancelled'));
ALTER TABLE run ADD CONSTRAINT run_state CHECK (state IN ('ready', 'running', 'done', 'blocked', 'dead', 'cancelled'));
ALTER TABLE task ADD CONSTRAINT task_state CHECK (state IN ('open', 'decided', 'sealed', 'withdrawn'));
-- Codes and ids only: a job row can't carry a sentence.
ALTER TABLE run ADD CONSTRAINT run_codes CHECK (kind ~ '^[a-z_]{1,40}$' AND ref_id ~ '^[A-Za-z0-9_:-]{1,80}$' AND (error_code IS NULL OR error_code ~ '^[a-z0-9_:.-]{1,80}$'));
ALTER TABLE chunk ADD CONSTRAINT chunk_codes CHECK (stage ~ '^[a-z_]{1,40}$' AND (error_code IS NULL OR error_code ~ '^[a-z0-9_:.-]{1,80}$'));
INSERT INTO ledger_head (id, seq, hash) VALUES (1, 0, repeat('0', 64));

-- The vault: raw text, sealed. Only the vault process reads it.
CREATE SCHEMA vault;
CREATE TABLE vault.source_key (
  source_id uuid PRIMARY KEY,
  project_id uuid NOT NULL,
  wrapped bytea NOT NULL,
  kek_version int NOT NULL
);
CREATE TABLE vault.dek (
  id uuid PRIMARY KEY,
  project_id uuid NOT NULL,
  source_id uuid NOT NULL,
  wrapped bytea NOT NULL,
  kek_version int NOT NULL
);
CREATE TABLE vault.record (
  import_id uuid NOT NULL,
  member text NOT NULL DEFAULT '',
  record_no int NOT NULL,
  project_id uuid NOT NULL,
  source_id uuid NOT NULL,
  dek_id uuid NOT NULL,
  nonce bytea NOT NULL,
  ciphertext bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (import_id, member, record_no)
);
CREATE TABLE vault.trajectory (
  project_id uuid NOT NULL,
  id text NOT NULL,
  content_sha text NOT NULL,
  import_id uuid NOT NULL,
  source_id uuid NOT NULL,
  ordinal bigint NOT NULL,
  dek_id uuid NOT NULL,
  nonce bytea NOT NULL,
  ciphertext bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (project_id, id, content_sha)
);
CREATE INDEX vault_trajectory_import ON vault.trajectory (import_id, ordinal);
CREATE TABLE vault.entity_value (
  project_id uuid NOT NULL,
  entity text NOT NULL,
  source_id uuid NOT NULL,
  type text NOT NULL,
  dek_id uuid NOT NULL,
  nonce bytea NOT NULL,
  ciphertext bytea NOT NULL,
  PRIMARY KEY (project_id, entity)
);
CREATE TABLE vault.dictionary_value (
  entry_id uuid PRIMARY KEY,
  project_id uuid NOT NULL,
  source_id uuid NOT NULL,
  dek_id uuid NOT NULL,
  nonce bytea NOT NULL,
  ciphertext bytea NOT NULL
);

-- The ledger: one door, one chain. Entries are hashed as canonical JSON (RFC 8785) after a zero byte.
CREATE FUNCTION ledger_entry_json(e ledger) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT '{"action":' || to_json(e.action)::text
      || ',"actorId":' || coalesce(to_json(e.actor_id)::text, 'null')
      || ',"actorKind":' || to_json(e.actor_kind)::text
      || ',"at":"' || to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"'
      || ',"details":' || to_json(e.details)::text
      || ',"objectId":' || coalesce(to_json(e.object_id)::text, 'null')
      || ',"objectKind":' || to_json(e.object_kind)::text
      || ',"outcome":' || to_json(e.outcome)::text
      || ',"prevHash":"' || e.prev_hash || '"'
      || ',"projectId":' || coalesce(to_json(e.project_id)::text, 'null')
      || ',"reason":' || coalesce(to_json(e.reason)::text, 'null')
      || ',"seq":' || e.seq::text || '}'
$$;
CREATE FUNCTION ledger_append(p_actor_kind text, p_actor_id text, p_action text, p_object_kind text, p_object_id text,
                              p_project_id uuid, p_outcome text, p_reason text, p_details text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE head ledger_head; e ledger;
BEGIN
  SELECT * INTO STRICT head FROM ledger_head WHERE id = 1 FOR UPDATE;
  e.seq := head.seq + 1;
  e.at := date_trunc('milliseconds', clock_timestamp());
  e.actor_kind := p_actor_kind; e.actor_id := p_actor_id; e.action := p_action;
  e.object_kind := p_object_kind; e.object_id := p_object_id; e.project_id := p_project_id;
  e.outcome := p_outcome; e.reason := p_reason; e.details := p_details;
  e.prev_hash := head.hash;
  e.hash := encode(sha256('\x00'::bytea || convert_to(ledger_entry_json(e), 'UTF8')), 'hex');
  INSERT INTO ledger SELECT e.*;
  UPDATE ledger_head SET seq = e.seq, hash = e.hash WHERE id = 1;
  RETURN e.seq;
END $$;
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Database roles (docs/operations.md). Group roles carry the grants; each process signs in with a member of one.
DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['assay_web', 'assay_worker', 'assay_vault', 'assay_ledger'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', r);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
  IF NOT pg_has_role(current_user, 'assay_ledger', 'MEMBER') THEN
    EXECUTE format('GRANT assay_ledger TO %I', current_user);
  END IF;
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO assay_web, assay_worker, assay_vault, assay_ledger;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO assay_web, assay_worker;
REVOKE ALL ON ledger, ledger_head, _prisma_migrations FROM assay_web, assay_worker;
REVOKE UPDATE, DELETE ON decision, approval FROM assay_web, assay_worker;
GRANT SELECT ON ledger, ledger_head TO assay_web, assay_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO assay_web, assay_worker;
GRANT CREATE ON SCHEMA public TO assay_ledger;
GRANT SELECT, INSERT ON ledger TO assay_ledger;
GRANT SELECT, UPDATE ON ledger_head TO assay_ledger;
ALTER FUNCTION ledger_append(text, text, text, text, text, uuid, text, text, text) OWNER TO assay_ledger;
REVOKE CREATE ON SCHEMA public FROM assay_ledger;
REVOKE ALL ON FUNCTION ledger_append(text, text, text, text, text, uuid, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_append(text, text, text, text, text, uuid, text, text, text) TO assay_web, assay_worker, assay_vault;
GRANT USAGE ON SCHEMA vault TO assay_worker, assay_vault;
GRANT INSERT ON vault.dek, vault.record, vault.trajectory, vault.entity_value, vault.dictionary_value TO assay_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA vault TO assay_vault;
