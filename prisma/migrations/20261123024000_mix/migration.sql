-- The mix. Sessions join groups as people and tasks do; near-duplicates are known as imports arrive; pairs made by a
-- generator name it; scores come back from trainers.
ALTER TABLE trajectory ADD COLUMN session_key TEXT;
CREATE INDEX "trajectory_project_id_session_key_idx" ON "trajectory"("project_id", "session_key");

-- One row a unit and side (what was asked; all that was said): its set of word runs, one key a MinHash band, its cluster.
CREATE TABLE "near_duplicate" (
    "project_id" UUID NOT NULL,
    "unit_id" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "unit_hash" TEXT NOT NULL,
    "set_hash" TEXT NOT NULL,
    "shingles" BYTEA NOT NULL,
    "keys" INTEGER[],
    "cluster_id" TEXT NOT NULL,

    CONSTRAINT "near_duplicate_pkey" PRIMARY KEY ("project_id","unit_id","side")
);
CREATE INDEX "near_duplicate_project_id_side_cluster_id_idx" ON "near_duplicate"("project_id", "side", "cluster_id");
CREATE INDEX "near_duplicate_project_id_side_set_hash_idx" ON "near_duplicate"("project_id", "side", "set_hash");
CREATE INDEX "near_duplicate_keys_idx" ON "near_duplicate" USING GIN ("keys");
ALTER TABLE near_duplicate ADD CONSTRAINT near_duplicate_side CHECK (side IN ('prompt', 'row'));

-- The member that a person chose to stay for its cluster.
CREATE TABLE "cluster_keep" (
    "project_id" UUID NOT NULL,
    "unit_id" TEXT NOT NULL,
    "kept_by" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cluster_keep_pkey" PRIMARY KEY ("project_id","unit_id")
);

-- Classifiers of task and domain, trained on tags that people set; a version is never changed.
CREATE TABLE "tag_model" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "tag" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "model" TEXT NOT NULL,
    "accuracy" JSONB NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tag_model_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "tag_model_project_id_tag_version_key" ON "tag_model"("project_id", "tag", "version");

-- Generators of synthetic negatives. Nothing is made before a lead other than the proposer has approved the version.
CREATE TABLE "generator" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "rule" TEXT NOT NULL,
    "cap_share" DOUBLE PRECISION NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'proposed',
    "proposed_by" UUID NOT NULL,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "generator_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "generator_project_id_name_version_key" ON "generator"("project_id", "name", "version");
ALTER TABLE generator ADD CONSTRAINT generator_state CHECK (state IN ('proposed', 'approved', 'refused', 'retired'));
ALTER TABLE generator ADD CONSTRAINT generator_cap CHECK (cap_share > 0 AND cap_share <= 0.3);

-- What a trainer measured on rows of a release, joined by row id.
CREATE TABLE "row_score" (
    "release_id" UUID NOT NULL,
    "row_id" TEXT NOT NULL,
    "project_id" UUID NOT NULL,
    "member_id" TEXT NOT NULL,
    "loss" DOUBLE PRECISION,
    "pass_rate" DOUBLE PRECISION,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "row_score_pkey" PRIMARY KEY ("release_id","row_id")
);
CREATE INDEX "row_score_project_id_member_id_idx" ON "row_score"("project_id", "member_id");

GRANT SELECT, INSERT, UPDATE, DELETE ON near_duplicate, cluster_keep, tag_model, generator, row_score TO assay_web, assay_worker;
