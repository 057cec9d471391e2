/**
 * Units of the curation store. Written only by the redaction stage; read back as `Redacted<Unit>` after the stored hash
 * was checked.
 */
import type pg from 'pg';
import { parseJson } from '#lib/core/ingest/parse-json.ts';
import type { LogEvent } from '#lib/core/trajectory/event.ts';
import { isObject, type Json, type JsonObject, stringify } from '#lib/core/trajectory/json.ts';
import { type Redacted, restoreRedacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import { type Cell, copyInto } from './copy.ts';
import { db, pool } from './db.ts';
import { bindingOf, seal } from './envelope.ts';
import { handTags, setTags } from './tags.ts';
import { newDataKeys } from './vault.ts';

export type StoredSpan = {
  path: string;
  start: number;
  end: number;
  type: string;
  tier: string;
  score: number;
  detector: string;
  view: string;
  entity: string;
  /** Left out where the value was left standing, by policy or by a person. */
  placeholder?: string;
  decision: string;
};

/** What is written of one unit: `unit` is what was hashed, `tags` were made from it. */
export type UnitToSave = {
  unit: Redacted<Unit>;
  hash: string;
  tags: JsonObject;
  spans: readonly StoredSpan[];
  entities: readonly { entity: string; type: string; n: number; count: number }[];
  values: readonly { entity: string; type: string; value: string }[];
  receipt: { bytesPresent: number; bytesScanned: number; bundle: string };
};

export type Governance = {
  projectId: string;
  importId: string;
  sourceId: string;
  purposes: readonly string[];
  legalBasis: string;
  consentRef: string | null;
  region: string;
  recipientsAllowed: readonly string[];
  expiresAt: Date;
};

const UNIT_COLUMNS = [
  'project_id',
  'id',
  'trajectory_id',
  'root_id',
  'import_id',
  'source_id',
  'kind',
  'rule_id',
  'cut_rule_id',
  'range_from',
  'range_to',
  'segment_of',
  'hash',
  'head',
  'title',
  'event_count',
  'words',
  'level',
  'lang',
  'domain',
  'task_type',
  'outcome',
  'outcome_basis',
  'tools',
  'models',
  'flags',
  'eligible',
  'ineligible_reasons',
  'errors',
  'recovered',
  'steps',
  'calls',
  'hops',
  'turns',
  'tokens',
  'span_count',
  'suggest_count',
  'bytes_present',
  'bytes_scanned',
  'detector_bundle',
  'dict_version',
  'person_key',
  'purposes',
  'legal_basis',
  'consent_ref',
  'region',
  'recipients_allowed',
  'expires_at',
  'started_at',
  'record_from',
  'record_to',
  'byte_start',
  'byte_end',
] as const;

const asText = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : stringify(value);
const asCount = (value: Json | undefined): number => (typeof value === 'number' ? Math.round(value) : 0);

/** Text of an event for the list's title, the word count and the search index: redacted, like everything here. */
export function wordsOfEvent(event: LogEvent): string {
  const words: string[] = [];
  for (const part of event.parts) {
    if (part.type === 'text' || part.type === 'refusal') words.push(part.text);
    else if (part.type === 'reasoning' && part.text) words.push(part.text);
    else if (part.type === 'document') words.push(part.title ?? '', part.text ?? '');
    else if (part.type === 'json') words.push(stringify(part.value));
  }
  if (event.kind === 'tool_call') words.push(event.toolCall.name, event.toolCall.argumentsRaw);
  if (event.kind === 'error') words.push(event.error.message);
  if (event.kind === 'feedback') words.push(event.feedback.comment ?? '');
  return words.join('\n');
}

const TITLE_CHARACTERS = 120;
const SEARCH_CHARACTERS = 200_000;

function titleOf(unit: Unit): string {
  const asked =
    unit.events.find((event) => event.kind === 'user' && !event.injected) ??
    unit.events.find((event) => event.kind === 'assistant');
  const words = asked ? wordsOfEvent(asked).replace(/\s+/g, ' ').trim() : '';
  return [...words].slice(0, TITLE_CHARACTERS).join('') || '(no text)';
}

function rowOf(saved: UnitToSave, governance: Governance, dictVersion: number, personKey: string | null): Cell[] {
  const { unit, tags } = saved;
  const { events: _, ...head } = unit;
  const own = unit.events.filter((event) => event.seq >= unit.range[0] && event.seq < unit.range[1]);
  const recordNos = own.map((event) => event.raw.recordNo);
  const words = unit.events.reduce((sum, event) => sum + wordsOfEvent(event).split(/\s+/).filter(Boolean).length, 0);
  const started = own.find((event) => event.ts)?.ts;
  const recovery = tags.recovered;
  return [
    governance.projectId,
    unit.id,
    unit.trajectoryId,
    unit.rootId,
    governance.importId,
    governance.sourceId,
    unit.unit,
    unit.ruleId,
    unit.cutRuleId,
    unit.range[0],
    unit.range[1],
    unit.segmentOf ?? null,
    saved.hash,
    stringify(head),
    titleOf(unit),
    unit.events.length,
    words,
    asText(tags.level) || 'L0',
    asText(tags.lang) || 'und',
    asText(tags.domain) || 'other',
    asText(tags.task) || 'other',
    unit.outcome.value,
    unit.outcome.basis,
    [...new Set(unit.events.flatMap((event) => (event.kind === 'tool_call' ? [event.toolCall.name] : [])))].sort(),
    unit.models,
    unit.flags,
    unit.eligible.sft,
    unit.eligible.reasons,
    asCount(tags.errors),
    recovery === true,
    asCount(tags.steps),
    asCount(tags.calls),
    asCount(tags.hops),
    asCount(tags.turns),
    asCount(tags.tokens),
    saved.spans.length,
    saved.spans.filter((span) => span.tier === 'suggest').length,
    saved.receipt.bytesPresent,
    saved.receipt.bytesScanned,
    saved.receipt.bundle,
    dictVersion,
    personKey,
    governance.purposes,
    governance.legalBasis,
    governance.consentRef,
    governance.region,
    governance.recipientsAllowed,
    governance.expiresAt,
    started ? new Date(started) : null,
    recordNos.length > 0 ? Math.min(...recordNos) : 0,
    Math.max(0, ...own.map((event) => event.raw.recordEnd ?? event.raw.recordNo)),
    own.length > 0 ? Math.min(...own.map((event) => event.raw.byteStart)) : 0,
    Math.max(0, ...own.map((event) => event.raw.byteEnd)),
  ];
}

/** The units that were cut out of one trajectory. */
export type CutTrajectory = { trajectoryId: string; units: readonly UnitToSave[]; personKey: string | null };

/**
 * Writes the units of these trajectories in place of those that were there, inside the caller's transaction: some ten
 * statements however many they are. A unit that is written again keeps its id and gets the next version; one that is no
 * longer cut is withdrawn, not deleted.
 */
export async function saveUnits(
  client: pg.PoolClient,
  governance: Governance,
  cut: readonly CutTrajectory[],
  dictVersion: number,
): Promise<void> {
  const { projectId } = governance;
  const units = cut.flatMap((trajectory) => trajectory.units);
  const trajectoryIds = cut.map(({ trajectoryId }) => trajectoryId);
  const ids = units.map((saved) => saved.unit.id);
  const before = await client.query<{ id: string; version: number; hash: string }>(
    'SELECT id, version, hash FROM unit WHERE project_id = $1 AND (trajectory_id = ANY($2) OR id = ANY($3))',
    [projectId, trajectoryIds, ids],
  );
  const versions = new Map(before.rows.map((row) => [row.id, row]));
  const byHand = await handTags(client, projectId, ids);
  await takeAway(client, projectId, trajectoryIds, [...versions.keys(), ...ids], ids);

  await copyInto(
    client,
    'unit',
    UNIT_COLUMNS,
    cut.flatMap(({ units: own, personKey }) => own.map((saved) => rowOf(saved, governance, dictVersion, personKey))),
  );
  const again = units.flatMap(({ unit, hash }) => {
    const known = versions.get(unit.id);
    return known ? [{ id: unit.id, version: known.version + (known.hash === hash ? 0 : 1) }] : [];
  });
  if (again.length > 0)
    await client.query(
      `UPDATE unit u SET version = w.version FROM unnest($2::text[], $3::int[]) AS w(id, version)
        WHERE u.project_id = $1 AND u.id = w.id`,
      [projectId, again.map(({ id }) => id), again.map(({ version }) => version)],
    );
  await copyInto(
    client,
    'event',
    ['project_id', 'unit_id', 'position', 'seq', 'kind', 'body'],
    units.flatMap(({ unit }) =>
      unit.events.map((event, position) => [projectId, unit.id, position, event.seq, event.kind, stringify(event)]),
    ),
  );
  await copyInto(
    client,
    'span',
    [
      'project_id',
      'unit_id',
      'no',
      'path',
      'start',
      '"end"',
      'type',
      'tier',
      'score',
      'detector',
      'view',
      'entity',
      'placeholder',
      'decision',
    ],
    units.flatMap(({ unit, spans }) =>
      spans.map((span, no) => [
        projectId,
        unit.id,
        no,
        span.path,
        span.start,
        span.end,
        span.type,
        span.tier,
        span.score,
        span.detector,
        span.view,
        span.entity,
        span.placeholder ?? '',
        span.decision,
      ]),
    ),
  );
  await copyInto(
    client,
    'placeholder',
    ['project_id', 'unit_id', 'type', 'n', 'entity', 'count'],
    units.flatMap(({ unit, entities }) =>
      entities.map((entity) => [projectId, unit.id, entity.type, entity.n, entity.entity, entity.count]),
    ),
  );
  await copyInto(
    client,
    'tag',
    ['project_id', 'unit_id', 'name', 'value', 'origin'],
    units.flatMap(({ unit, tags }) => {
      const origin = isObject(tags.origin) ? tags.origin : {};
      return Object.keys(tags)
        .filter((name) => name !== 'origin')
        .map((name): Cell[] => [projectId, unit.id, name, asText(tags[name]), asText(origin[name]) || 'rule']);
    }),
  );
  if (byHand.length > 0) await setTags(client, projectId, byHand, 'person');
  await client.query(
    `UPDATE unit u SET search = to_tsvector('simple', w.words) FROM unnest($2::text[], $3::text[]) AS w(id, words)
      WHERE u.project_id = $1 AND u.id = w.id`,
    [projectId, ids, units.map(({ unit }) => unit.events.map(wordsOfEvent).join('\n').slice(0, SEARCH_CHARACTERS))],
  );
}

/** What stood for these trajectories before: parts are deleted, units that are not cut any more are withdrawn. */
async function takeAway(
  client: pg.PoolClient,
  projectId: string,
  trajectoryIds: readonly string[],
  known: readonly string[],
  again: readonly string[],
): Promise<void> {
  for (const table of ['event', 'span', 'placeholder', 'tag'])
    await client.query(`DELETE FROM ${table} WHERE project_id = $1 AND unit_id = ANY($2)`, [projectId, known]);
  await client.query('DELETE FROM unit WHERE project_id = $1 AND id = ANY($2)', [projectId, again]);
  await client.query(
    'UPDATE unit SET withdrawn_at = coalesce(withdrawn_at, now()) WHERE project_id = $1 AND trajectory_id = ANY($2)',
    [projectId, trajectoryIds],
  );
}

/** Puts the originals behind placeholders into the vault, one data key a batch. Known entities stay as they are. */
export async function sealValues(
  client: pg.PoolClient,
  projectId: string,
  sourceId: string,
  values: readonly { entity: string; type: string; value: string }[],
): Promise<void> {
  const distinct = new Map(values.map((value) => [value.entity, value]));
  if (distinct.size === 0) return;
  const [key] = await newDataKeys(projectId, sourceId, 1);
  await client.query(
    'INSERT INTO vault.dek (id, project_id, source_id, wrapped, kek_version) VALUES ($1, $2, $3, $4, $5)',
    [key!.id, projectId, sourceId, key!.wrapped, key!.kekVersion],
  );
  const sealed = [...distinct.values()].map((row) => ({
    ...row,
    ...seal(key!.key, Buffer.from(row.value), bindingOf(row.entity, sourceId)),
  }));
  await client.query(
    `INSERT INTO vault.entity_value (project_id, entity, source_id, type, dek_id, nonce, ciphertext)
     SELECT $1, e, $2, t, $3, n, c FROM unnest($4::text[], $5::text[], $6::bytea[], $7::bytea[]) AS v(e, t, n, c) ON CONFLICT DO NOTHING`,
    [
      projectId,
      sourceId,
      key!.id,
      sealed.map((row) => row.entity),
      sealed.map((row) => row.type),
      sealed.map((row) => row.nonce),
      sealed.map((row) => row.ciphertext),
    ],
  );
}

const read = (text: string): JsonObject => {
  const reading = parseJson(text);
  if (!reading.ok || !isObject(reading.value)) throw new Error('a stored unit is not readable');
  return reading.value;
};

/** A unit as redaction wrote it. @throws Error when what is stored is not what was hashed */
export function rebuildUnit(head: string, bodies: readonly string[], hash: string): Redacted<Unit> {
  const unit = { ...read(head), events: bodies.map(read) } as unknown as Unit;
  return restoreRedacted(unit, hash);
}

/** Head and event bodies as `rebuildUnit` reads them. */
export const writtenUnit = ({ events, ...head }: Unit): { head: string; bodies: string[] } => ({
  head: stringify(head as unknown as Json),
  bodies: events.map((event) => stringify(event as unknown as Json)),
});

export async function findUnit(projectId: string, unitId: string): Promise<Redacted<Unit> | null> {
  return (await findUnits(projectId, [unitId]))[0] ?? null;
}

/** Whole units in the order of the ids; those that are gone are left out. */
export async function findUnits(projectId: string, unitIds: readonly string[]): Promise<Redacted<Unit>[]> {
  const { rows } = await pool().query<{ id: string; head: string; hash: string; bodies: string[] }>(
    `SELECT u.id, u.head, u.hash, array_agg(e.body ORDER BY e.position) AS bodies
       FROM unit u JOIN event e ON e.project_id = u.project_id AND e.unit_id = u.id
      WHERE u.project_id = $1 AND u.id = ANY($2) GROUP BY u.id, u.head, u.hash`,
    [projectId, unitIds],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return unitIds.flatMap((id) => {
    const row = byId.get(id);
    return row ? [rebuildUnit(row.head, row.bodies, row.hash)] : [];
  });
}

export const findUnitRow = (projectId: string, unitId: string) =>
  db().unit.findUnique({ where: { projectId_id: { projectId, id: unitId } } });

/** Spans that a placeholder stands for, by place: what a wrong mask is named by. */
export async function masksOf(
  projectId: string,
  unitId: string,
): Promise<{ no: number; path: string; placeholder: string }[]> {
  const rows = await db().span.findMany({
    where: { projectId, unitId, placeholder: { not: '' } },
    orderBy: { no: 'asc' },
    select: { no: true, path: true, placeholder: true },
  });
  return rows;
}
