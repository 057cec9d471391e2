/** Saved mappings: drawn up on redacted samples, kept by name and version, never changed. */
import { z } from 'zod';
import type { Adapter } from '#lib/core/ingest/adapter.ts';
import { faultsOf, Mapping } from '#lib/core/ingest/mapping/mapping.ts';
import { mappingAdapter } from '#lib/core/ingest/mapping/mapping-adapter.ts';
import { type Preview, previewMapping } from '#lib/core/ingest/mapping/preview.ts';
import { type Field, surveyFields } from '#lib/core/ingest/mapping/survey.ts';
import { parseJson } from '#lib/core/ingest/parse-json.ts';
import type { Actor } from '#lib/core/policy/actor.ts';
import { Problem } from '#lib/core/policy/problem.ts';
import type { Json } from '#lib/core/trajectory/json.ts';
import { db, inTransaction } from '#lib/store/db.ts';
import { appendLedger } from '#lib/store/ledger.ts';
import { permit, projectOf } from '../permit.ts';

export type MappingView = { id: string; name: string; version: number; body: Mapping; createdAt: string };

/** What a worker reads with. @throws Error when it is gone */
export async function adapterOfMapping(id: string): Promise<Adapter> {
  const row = await db().mapping.findUniqueOrThrow({ where: { id } });
  return mappingAdapter(Mapping.parse(row.body), `${row.name}@${row.version}`);
}

/** All versions, the newest of each name first. */
export async function showMappings(actor: Actor): Promise<MappingView[]> {
  await permit(actor, 'mapping.read');
  const rows = await db().mapping.findMany({
    where: { projectId: projectOf(actor) },
    orderBy: [{ name: 'asc' }, { version: 'desc' }],
    take: 500,
  });
  return rows.map(({ id, name, version, body, createdAt }) => ({
    id,
    name,
    version,
    body: Mapping.parse(body),
    createdAt: createdAt.toISOString(),
  }));
}

/** Which refused records: of one import or source, of one reason. */
export const SampleFilter = z.strictObject({
  importId: z.uuid().optional(),
  sourceId: z.uuid().optional(),
  reason: z.string().max(40).optional(),
});
const SAMPLES = 100;

async function samplesOf(projectId: string, { importId, sourceId, reason }: z.infer<typeof SampleFilter>) {
  const imports = sourceId
    ? await db().import.findMany({ where: { projectId, sourceId }, select: { id: true }, take: 1000 })
    : undefined;
  const rows = await db().quarantine.findMany({
    where: {
      projectId,
      sample: { not: null },
      ...(reason ? { reason } : {}),
      ...(importId ? { importId } : imports ? { importId: { in: imports.map(({ id }) => id) } } : {}),
    },
    orderBy: [{ importId: 'asc' }, { member: 'asc' }, { recordNo: 'asc' }],
    take: SAMPLES,
    select: { sample: true },
  });
  return rows.map(({ sample }) => sample!);
}

export type MappingGround = { kind: 'json' | 'text' | 'none'; records: number; fields: Field[]; lines: string[] };
const LINES = 60;

/** What a mapping is drawn up on: the fields of the first hundred refused records, or the first lines of a text. */
export async function showMappingGround(actor: Actor, filter: z.infer<typeof SampleFilter>): Promise<MappingGround> {
  await permit(actor, 'mapping.read');
  const samples = await samplesOf(projectOf(actor), filter);
  const values = samples.flatMap((sample): Json[] => {
    const reading = parseJson(sample);
    return reading.ok && typeof reading.value === 'object' && reading.value !== null ? [reading.value] : [];
  });
  if (values.length > 0) return { kind: 'json', records: values.length, fields: surveyFields(values), lines: [] };
  const lines = samples.flatMap((sample) => sample.split('\n')).filter((line) => line.trim() !== '');
  return {
    kind: lines.length > 0 ? 'text' : 'none',
    records: samples.length,
    fields: [],
    lines: lines.slice(0, LINES),
  };
}

export const PreviewInput = z.strictObject({ mapping: Mapping, of: SampleFilter });

/** What a mapping makes of the first hundred, before anything is read with it. @throws Problem invalid */
export async function tryMapping(actor: Actor, input: z.infer<typeof PreviewInput>): Promise<Preview> {
  await permit(actor, 'mapping.read');
  refuseFaults(input.mapping);
  return previewMapping(input.mapping, await samplesOf(projectOf(actor), input.of));
}

const refuseFaults = (mapping: Mapping): void => {
  const faults = faultsOf(mapping);
  if (faults.length > 0) throw new Problem('invalid', { fields: faults });
};

export const NewMapping = z.strictObject({
  name: z.string().trim().min(1).max(60),
  mapping: Mapping,
});

/** A name that is known gets its next version. @throws Problem invalid */
export async function saveMapping(
  actor: Actor,
  input: z.infer<typeof NewMapping>,
): Promise<{ id: string; name: string; version: number }> {
  await permit(actor, 'mapping.edit');
  const projectId = projectOf(actor);
  refuseFaults(input.mapping);
  return inTransaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`mapping ${projectId} ${input.name}`}, 0))`;
    const last = await tx.mapping.findFirst({
      where: { projectId, name: input.name },
      orderBy: { version: 'desc' },
      select: { version: true },
    });
    const row = await tx.mapping.create({
      data: {
        projectId,
        name: input.name,
        version: (last?.version ?? 0) + 1,
        body: input.mapping,
        createdBy: actor.personId ?? '00000000-0000-0000-0000-000000000000',
      },
    });
    await appendLedger(tx, actor, {
      action: 'mapping.edit',
      object: 'mapping',
      objectId: row.id,
      details: { version: row.version, kind: input.mapping.kind },
    });
    return { id: row.id, name: row.name, version: row.version };
  });
}
