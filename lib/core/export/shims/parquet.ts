/**
 * Parquet. The twin of a data file keeps each payload as its JSON text, so nothing is typed or filled in. verl wants native
 * lists of structs: arguments are strings there, in Python's form, which chat templates print as they print the objects.
 */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { stringify } from '../../trajectory/json.ts';
import { pythonJson } from '../python-json.ts';
import type { Message, Row, SftRow } from '../row.ts';

type Schema = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>;
const CODEC = 'SNAPPY';

const write = (columnData: { name: string; data: unknown[]; type?: 'STRING' }[], schema?: Schema): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({ columnData, codec: CODEC, ...(schema ? { schema } : {}) } as Parameters<
      typeof parquetWriteBuffer
    >[0]),
  );

/** One column a key of the rows, all strings; payloads as the JSON that the line holds. */
export function parquetTwin(rows: readonly Row[]): Uint8Array {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return write(
    names.map((name) => ({
      name,
      type: 'STRING' as const,
      data: rows.map((row) => {
        const value = (row as unknown as Record<string, unknown>)[name] ?? null;
        return value === null || typeof value === 'string'
          ? value
          : stringify(value as Parameters<typeof stringify>[0]);
      }),
    })),
  );
}

const leaf = (name: string): Schema[number] => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  repetition_type: 'OPTIONAL',
});
const group = (name: string, children: number): Schema[number] => ({
  name,
  repetition_type: 'OPTIONAL',
  num_children: children,
});
const list = (name: string): Schema => [
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
];

const MESSAGES: Schema = [
  ...list('messages'),
  group('element', 6),
  leaf('role'),
  leaf('content'),
  leaf('reasoning_content'),
  leaf('tool_call_id'),
  leaf('name'),
  ...list('tool_calls'),
  group('element', 3),
  leaf('id'),
  leaf('type'),
  group('function', 2),
  leaf('name'),
  leaf('arguments'),
];

const messageOf = (message: Message) => ({
  role: message.role,
  content: message.content,
  reasoning_content: (message.role === 'assistant' ? message.reasoning_content : undefined) ?? null,
  tool_call_id: message.role === 'tool' ? message.tool_call_id : null,
  name: message.role === 'tool' ? message.name : null,
  tool_calls:
    message.role === 'assistant' && message.tool_calls
      ? message.tool_calls.map(({ id, type, function: of }) => ({
          id,
          type,
          function: { name: of.name, arguments: pythonJson(of.arguments, false) },
        }))
      : null,
});

/** verl's multi-turn SFT: `messages`, `tools` (JSON text) and `enable_thinking`. */
export function verlParquet(rows: readonly SftRow[]): Uint8Array {
  const hasTools = rows.some(({ tools }) => typeof tools === 'string');
  const columns = [
    { name: 'messages', data: rows.map(({ messages }) => messages.map(messageOf)) },
    ...(hasTools ? [{ name: 'tools', data: rows.map(({ tools }) => tools ?? null) }] : []),
    { name: 'enable_thinking', data: rows.map(({ messages }) => holdsThought(messages)) },
  ];
  const schema: Schema = [
    { name: 'root', num_children: columns.length },
    ...MESSAGES,
    ...(hasTools ? [leaf('tools')] : []),
    { name: 'enable_thinking', type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
  ];
  return write(columns, schema);
}

const holdsThought = (messages: readonly Message[]): boolean =>
  messages.some((message) => message.role === 'assistant' && message.reasoning_content !== undefined);
