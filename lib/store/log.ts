import pino from 'pino';

/**
 * Our own logs: an event's name and fields of this list, nothing else. Fields are ids, counts, milliseconds and codes;
 * whatever is not on the list, or does not look like one, is left out, so a slip of the pen can't print what a log contained.
 */
const fieldRules = {
  id: [
    'project',
    'source',
    'import',
    'run',
    'chunk',
    'unit',
    'task',
    'queue',
    'release',
    'actor',
    'session',
    'request',
  ],
  count: [
    'records',
    'mapped',
    'duplicates',
    'quarantined',
    'units',
    'events',
    'rows',
    'attempts',
    'fence',
    'count',
    'bytes',
    'status',
    'pid',
    'exit',
  ],
  ms: ['elapsedMs', 'latencyMs', 'delayMs'],
  code: [
    'code',
    'kind',
    'reason',
    'step',
    'state',
    'role',
    'process',
    'signal',
    'method',
    'route',
    'adapter',
    'version',
    'errorName',
  ],
} as const;

type Field = (typeof fieldRules)[keyof typeof fieldRules][number];
export type LogFields = Partial<Record<Field, string | number | bigint | boolean | null>>;
const allowed = new Map<string, keyof typeof fieldRules>(
  (Object.keys(fieldRules) as (keyof typeof fieldRules)[]).flatMap((kind) =>
    fieldRules[kind].map((name) => [name, kind]),
  ),
);

const idShape = /^[A-Za-z0-9_:.-]{1,100}$/;
const codeShape = /^[A-Za-z0-9_./[\]-]{1,80}$/;
const eventShape = /^[a-z][a-z0-9 .-]{0,60}$/;

/** @returns only what may be printed */
export function keepAllowed(fields: Record<string, unknown>): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    const kind = allowed.get(name);
    if (!kind || value === null || value === undefined) continue;
    if (typeof value === 'boolean') kept[name] = value;
    else if (typeof value === 'number' || typeof value === 'bigint') kept[name] = Number(value);
    else if (typeof value === 'string' && kind === 'id' && idShape.test(value)) kept[name] = value;
    else if (typeof value === 'string' && kind === 'code' && codeShape.test(value)) kept[name] = value;
  }
  return kept;
}

/** Kind and code of an error; its message may quote what was read and is never logged. */
export function errorFields(error: unknown): LogFields {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return { errorName: typeof name === 'string' ? name : 'unknown', code: typeof code === 'string' ? code : null };
}

type Level = 'debug' | 'info' | 'warn' | 'error';
type Write = (event: string, fields?: LogFields) => void;

/** A logger that writes JSON Lines to `destination` (standard output). @param processName of the process kind: web, worker, vault, cli */
export function makeLog(processName: string, destination?: pino.DestinationStream): Record<Level, Write> {
  const sink = pino(
    {
      base: { process: processName },
      timestamp: pino.stdTimeFunctions.isoTime,
      level: process.env.ASSAY_LOG_LEVEL ?? 'info',
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
  const at =
    (level: Level): Write =>
    (event, fields = {}) =>
      sink[level](keepAllowed(fields), eventShape.test(event) ? event : 'event');
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** The log of this process. */
export const log = makeLog(process.env.ASSAY_ROLE ?? 'cli');
