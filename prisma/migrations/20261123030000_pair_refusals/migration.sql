-- Why answers that were looked at gave no pair, by source and reason, as of the last search; examples are unit ids.
CREATE TABLE "pair_refusal" (
    "project_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "examples" JSONB NOT NULL,

    CONSTRAINT "pair_refusal_pkey" PRIMARY KEY ("project_id","source","why")
);
GRANT SELECT, INSERT, UPDATE, DELETE ON pair_refusal TO assay_web, assay_worker;
