-- Saved mappings for logs that no adapter knows, and quarantined records read again (docs/decisions/0031-mappings.md, 0030-retry-of-quarantined-records.md).
CREATE TABLE "mapping" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mapping_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "mapping_project_id_name_version_key" ON "mapping"("project_id", "name", "version");

CREATE TABLE "quarantine_retry" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "import_id" UUID NOT NULL,
    "mapping_id" UUID,
    "is_redaction" BOOLEAN NOT NULL DEFAULT false,
    "records" INTEGER NOT NULL DEFAULT 0,
    "mapped" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "quarantine_retry_pkey" PRIMARY KEY ("id")
);
-- One at a time for an import.
CREATE UNIQUE INDEX "quarantine_retry_open_key" ON "quarantine_retry"("import_id") WHERE "finished_at" IS NULL;
CREATE INDEX "quarantine_retry_import_id_idx" ON "quarantine_retry"("import_id");

ALTER TABLE "quarantine" ADD COLUMN "sample" TEXT,
ADD COLUMN "retry_id" UUID;
CREATE INDEX "quarantine_retry_id_idx" ON "quarantine"("retry_id");

ALTER TABLE "import" ADD COLUMN "mapping_id" UUID;

ALTER TABLE "trajectory" ADD COLUMN "member" TEXT NOT NULL DEFAULT '';

GRANT SELECT, INSERT, UPDATE, DELETE ON "mapping", "quarantine_retry" TO assay_web, assay_worker;
