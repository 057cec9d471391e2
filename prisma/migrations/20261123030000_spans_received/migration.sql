-- Telemetry as it comes in: sealed where it arrives, grouped by trace and session, made an import by rule (docs/decisions/0016-telemetry-receiver.md).
ALTER TABLE "api_token" ADD COLUMN "source_id" UUID,
ADD COLUMN "window_at" TIMESTAMPTZ(3),
ADD COLUMN "window_count" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "import" ADD COLUMN "origin" TEXT NOT NULL DEFAULT 'upload';

CREATE TABLE "span_group" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "pending_since" TIMESTAMPTZ(3),
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "pending_bytes" BIGINT NOT NULL DEFAULT 0,
    "has_session" BOOLEAN NOT NULL DEFAULT false,
    "has_ended" BOOLEAN NOT NULL DEFAULT false,
    "session_over" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "span_group_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "span_group_source_id_last_at_idx" ON "span_group"("source_id", "last_at");

CREATE TABLE "span_key" (
    "source_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "group_id" UUID NOT NULL,

    CONSTRAINT "span_key_pkey" PRIMARY KEY ("source_id","key")
);
CREATE INDEX "span_key_group_id_idx" ON "span_key"("group_id");

CREATE TABLE "span_batch" (
    "no" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "wrapped_key" BYTEA NOT NULL,
    "nonce" BYTEA NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "bytes" INTEGER NOT NULL,
    "spans" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "span_batch_pkey" PRIMARY KEY ("no")
);
CREATE INDEX "span_batch_group_id_no_idx" ON "span_batch"("group_id", "no");

CREATE TABLE "span_part" (
    "import_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "batch_no" BIGINT NOT NULL,

    CONSTRAINT "span_part_pkey" PRIMARY KEY ("import_id","position")
);
CREATE INDEX "span_part_batch_no_idx" ON "span_part"("batch_no");

GRANT SELECT, INSERT, UPDATE, DELETE ON "span_group", "span_key", "span_batch", "span_part" TO assay_web, assay_worker;
GRANT USAGE ON SEQUENCE "span_batch_no_seq" TO assay_web, assay_worker;
