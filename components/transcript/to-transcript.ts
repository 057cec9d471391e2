/** Events of a redacted unit as a transcript; paths are JSON pointers from the unit. */
import type { LogEvent, Part } from '#lib/core/trajectory/event.ts';
import { isObject, type Json, stringify } from '#lib/core/trajectory/json.ts';
import type { Redacted } from '#lib/core/trajectory/redacted.ts';
import type { Unit } from '#lib/core/trajectory/unit.ts';
import type { Block, Piece, TranscriptEvent } from './event.ts';

const escapePointer = (key: string): string => key.replace(/~/g, '~0').replace(/\//g, '~1');
const SHORT = 60;

/** JSON laid out line by line; every string, number and key is a text of its own with its place. */
export function piecesOfJson(value: Json, path: string, indent = ''): Piece[] {
  const dress = (text: string): Piece => ({ path: null, text });
  if (typeof value === 'string') return [dress('"'), { path, text: value }, dress('"')];
  if (Array.isArray(value)) {
    if (value.length === 0) return [dress('[]')];
    const isShort = stringify(value).length <= SHORT;
    const inner = isShort ? '' : `${indent}  `;
    return [
      dress(isShort ? '[' : `[\n${inner}`),
      ...value.flatMap((item, at) => [
        ...(at > 0 ? [dress(isShort ? ', ' : `,\n${inner}`)] : []),
        ...piecesOfJson(item, `${path}/${at}`, inner),
      ]),
      dress(isShort ? ']' : `\n${indent}]`),
    ];
  }
  if (isObject(value)) {
    const keys = Object.keys(value);
    if (keys.length === 0) return [dress('{}')];
    const isShort = stringify(value).length <= SHORT;
    const inner = isShort ? '' : `${indent}  `;
    return [
      dress(isShort ? '{' : `{\n${inner}`),
      ...keys.flatMap((key, at) => {
        const place = `${path}/${escapePointer(key)}`;
        return [
          dress(`${at > 0 ? (isShort ? ', ' : `,\n${inner}`) : ''}"`),
          { path: `${place}#key`, text: key },
          dress('": '),
          ...piecesOfJson(value[key] as Json, place, inner),
        ];
      }),
      dress(isShort ? '}' : `\n${indent}}`),
    ];
  }
  return [{ path, text: stringify(value) }];
}

function blocksOfPart(part: Part, path: string, isData: boolean): Block[] {
  const format = isData ? 'data' : 'prose';
  switch (part.type) {
    case 'text':
      return [{ format, pieces: [{ path: `${path}/text`, text: part.text }] }];
    case 'refusal':
      return [{ format, label: 'refusal', pieces: [{ path: `${path}/text`, text: part.text }] }];
    case 'reasoning':
      return part.text === undefined
        ? [
            {
              format: 'data',
              label: 'reasoning',
              pieces: [{ path: null, text: `opaque, ${part.opaque?.bytes ?? 0} bytes` }],
            },
          ]
        : [{ format, label: 'reasoning', pieces: [{ path: `${path}/text`, text: part.text }] }];
    case 'document': {
      const title: Piece[] =
        part.title === undefined
          ? []
          : [
              { path: `${path}/title`, text: part.title },
              { path: null, text: part.text === undefined ? '' : '\n' },
            ];
      const score = part.score === undefined ? '' : `, score ${part.score.toFixed(3)}`;
      const body: Piece[] = part.text === undefined ? [] : [{ path: `${path}/text`, text: part.text }];
      return [{ format: 'prose', label: `document${score}`, pieces: [...title, ...body] }];
    }
    case 'json':
      return [{ format: 'data', pieces: piecesOfJson(part.value, `${path}/value`) }];
    case 'media': {
      const size = part.bytes === undefined ? '' : `, ${part.bytes.toLocaleString('en')} bytes`;
      const name: Piece[] = part.name === undefined ? [] : [{ path: `${path}/name`, text: part.name }];
      return [{ format: 'data', label: `${part.modality}${size}`, pieces: name }];
    }
  }
}

function blocksOf(event: LogEvent, path: string): Block[] {
  const isTool = event.kind === 'tool_result';
  const blocks = event.parts.flatMap((part, at) => blocksOfPart(part, `${path}/parts/${at}`, isTool));
  if (event.kind === 'tool_call') {
    blocks.push({
      format: 'data',
      pieces: [{ path: `${path}/toolCall/argumentsRaw`, text: event.toolCall.argumentsRaw }],
    });
  }
  if (event.kind === 'error') {
    blocks.push({ format: 'data', pieces: [{ path: `${path}/error/message`, text: event.error.message }] });
  }
  if (event.kind === 'feedback') {
    const { comment, value } = event.feedback;
    if (comment !== undefined)
      blocks.push({ format: 'prose', pieces: [{ path: `${path}/feedback/comment`, text: comment }] });
    if (event.feedback.signal === 'edit' && typeof value === 'string') {
      blocks.push({ format: 'prose', label: 'edited to', pieces: [{ path: `${path}/feedback/value`, text: value }] });
    }
  }
  return blocks;
}

export function toTranscript(unit: Redacted<Unit>): TranscriptEvent[] {
  const { events } = unit;
  const seqById = new Map(events.map((event) => [event.id, event.seq]));
  const callById = new Map(
    events.flatMap((event) =>
      event.kind === 'tool_call' && event.toolCall.callId ? [[event.toolCall.callId, event.id]] : [],
    ),
  );
  return events.map((event, at) => {
    const shown: TranscriptEvent = {
      id: event.id,
      seq: event.seq,
      kind: event.kind,
      blocks: blocksOf(event, `/events/${at}`),
      name: event.name,
      at: event.ts,
      latencyMs: event.latencyMs,
      attempt: event.attempt,
      retryOfSeq: event.retryOf === undefined ? undefined : seqById.get(event.retryOf),
      flags: event.flags,
    };
    switch (event.kind) {
      case 'tool_call':
        return { ...shown, name: event.toolCall.name };
      case 'tool_result': {
        const { forEventId, callId, name, status, errorType } = event.toolResult;
        return { ...shown, name, status, errorType, resultOf: forEventId ?? callById.get(callId ?? '') };
      }
      case 'error': {
        const { where, type, code, status } = event.error;
        return { ...shown, status: 'error', errorType: [where, type, code, status].filter(Boolean).join(' ') };
      }
      case 'feedback':
        return {
          ...shown,
          verdict: `${event.feedback.name ?? event.feedback.signal}${
            event.feedback.signal === 'edit' ? '' : `: ${String(event.feedback.value)}`
          }, by ${event.feedback.by}`,
        };
      default:
        return shown;
    }
  });
}
