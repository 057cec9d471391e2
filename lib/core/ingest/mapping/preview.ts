/** What a mapping makes of sample records before anything is imported with it: what it understands, and what it does not. */
import { isObject, type Json, stringify } from '../../trajectory/json.ts';
import { parseJson } from '../parse-json.ts';
import { parseSource } from '../parse-source.ts';
import { speakerOf } from '../shared/roles.ts';
import type { Mapping } from './mapping.ts';
import { mappingAdapter } from './mapping-adapter.ts';
import { surveyFields } from './survey.ts';

export type Preview = {
  records: number;
  understood: number;
  conversations: number;
  /** Why records do not fit, by reason and place. */
  misfits: { why: string; records: number }[];
  /** Every field that no binding names, with the records it stands in. They are kept as meta and never trained on. */
  dropped: { at: string; records: number }[];
  /** Words for who speaks that the mapping does not name. */
  unknownRoles: { word: string; records: number }[];
  /** Lines before the first label, and lines that only go on with a turn (text mappings). */
  unlabelled: number;
  /** How the first conversation reads. */
  turns: { kind: string; name?: string; text: string }[];
};

const SHOWN_TURNS = 12;
const SHOWN_CHARACTERS = 300;

/** @param samples redacted: one JSON text a record, or one text for a transcript */
export async function previewMapping(mapping: Mapping, samples: readonly string[]): Promise<Preview> {
  const values = samples.flatMap((sample): Json[] => {
    const reading = parseJson(sample);
    return reading.ok && typeof reading.value === 'object' && reading.value !== null ? [reading.value] : [];
  });
  // A line a record, whatever breaks a pretty-printed one has; one record more makes a list of one a log too.
  const lines = mapping.kind === 'json' ? [...values.map((value) => stringify(value)), '{}'] : [samples.join('\n')];
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const input = {
    path: 'preview',
    bytes: async function* () {
      yield bytes;
    },
    adapter: mappingAdapter(mapping, 'preview'),
  };
  const misfits = new Map<string, number>();
  const turns: Preview['turns'] = [];
  let records = 0;
  let conversations = 0;
  let refused = 0;
  let metaRecords = 0;
  for await (const event of parseSource(input)) {
    if (event.kind === 'record') records++;
    else if (event.kind === 'quarantined') {
      if (mapping.kind === 'json' && event.recordNo > values.length) continue;
      refused++;
      const why = (event.message ?? event.reason).replace(/\/\d+(?=\/|$)/g, '/*');
      misfits.set(why, (misfits.get(why) ?? 0) + 1);
    } else {
      conversations++;
      for (const told of event.trajectory.events) {
        if (mapping.kind === 'text' && told.kind === 'meta')
          metaRecords += (told.raw.recordEnd ?? told.raw.recordNo) - told.raw.recordNo + 1;
        if (conversations > 1 || turns.length >= SHOWN_TURNS || told.kind === 'meta') continue;
        const said = told.parts
          .flatMap((part) => ('text' in part && part.text !== undefined ? [part.text] : []))
          .join('\n');
        const text = told.kind === 'tool_call' ? `${told.toolCall.name}(${told.toolCall.argumentsRaw})` : said;
        turns.push({
          kind: told.kind,
          ...(told.name !== undefined && { name: told.name }),
          text: [...text].slice(0, SHOWN_CHARACTERS).join(''),
        });
      }
    }
  }
  const total = mapping.kind === 'json' ? values.length : records;
  return {
    records: total,
    understood: total - refused - metaRecords,
    conversations,
    misfits: [...misfits].map(([why, count]) => ({ why, records: count })).sort((a, b) => b.records - a.records),
    ...notNamed(mapping, values),
    unlabelled: metaRecords,
    turns,
  };
}

function notNamed(mapping: Mapping, values: readonly Json[]): Pick<Preview, 'dropped' | 'unknownRoles'> {
  if (mapping.kind === 'text') return { dropped: [], unknownRoles: [] };
  const fields = surveyFields(values);
  const turns = mapping.fields.find(({ is }) => is === 'turns')?.at;
  const bound = mapping.fields.map(({ at }) => at);
  const isNamed = (at: string) =>
    bound.includes(at) ||
    bound.some((one) => one !== turns && at.startsWith(`${one}/`)) ||
    (turns !== undefined && at === turns);
  const words = new Set(mapping.speakers.map(({ word }) => word.trim().toLowerCase()));
  const unknown = new Map<string, number>();
  const role = mapping.fields.find(({ is }) => is === 'role')?.at;
  for (const value of values)
    for (const word of new Set(wordsAt(value, role)))
      if (!words.has(word.trim().toLowerCase()) && speakerOf(word) === undefined)
        unknown.set(word.slice(0, 60), (unknown.get(word.slice(0, 60)) ?? 0) + 1);
  return {
    // Lists hold the fields that are listed by themselves.
    dropped: fields
      .filter(
        ({ at, kind }) => !isNamed(at) && !(kind === 'list' && fields.some((other) => other.at.startsWith(`${at}/*`))),
      )
      .map(({ at, records }) => ({ at, records })),
    unknownRoles: [...unknown].map(([word, records]) => ({ word, records })).sort((a, b) => b.records - a.records),
  };
}

/** Every text at a pattern, lists walked through. */
function wordsAt(value: Json, pattern: string | undefined): string[] {
  if (pattern === undefined) return [];
  let here: Json[] = [value];
  for (const step of pattern.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    here = here.flatMap((one): Json[] =>
      step === '*' ? (Array.isArray(one) ? one : []) : isObject(one) && one[key] !== undefined ? [one[key]!] : [],
    );
  }
  return here.flatMap((one) => (typeof one === 'string' ? [one] : []));
}
