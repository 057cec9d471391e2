import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../trajectory/event.ts';
import { contentHash } from '../trajectory/hash.ts';
import { stringify } from '../trajectory/json.ts';
import { restoreRedacted } from '../trajectory/redacted.ts';
import type { Unit } from '../trajectory/unit.ts';
import { compileDictionary, EMPTY_DICTIONARY } from './dictionary.ts';
import { type RedactionConfig, type ReviewDecision, redactTrajectory } from './redact.ts';

const keyOf = (type: string, normalised: string) =>
  createHmac('sha256', 'k').update(`${type}\0${normalised}`).digest('hex').slice(0, 16);
const config = (more: Partial<RedactionConfig> = {}): RedactionConfig => ({
  dictionary: EMPTY_DICTIONARY,
  keyOf,
  ...more,
});
const raw = { recordNo: 1, byteStart: 0, byteEnd: 9, sha256: 'ab'.repeat(32) };

/** Parts of events as they are told apart below: a text, or what a tool call or a result holds. */
type Told = string | { call: unknown; callId?: string } | { result: string };
function unitOf(told: Told[], more: Partial<Unit> = {}, id = 'u_1'): Unit {
  const events = told.map((one, seq): LogEvent => {
    const base = { id: `t_1:${seq}`, seq, tsSource: 'none' as const, raw, confidence: 1, flags: [] };
    if (typeof one === 'string')
      return {
        ...base,
        kind: seq % 2 === 0 ? 'user' : 'assistant',
        actor: seq % 2 === 0 ? 'human' : 'model',
        parts: [{ type: 'text', text: one }],
      };
    if ('result' in one)
      return {
        ...base,
        kind: 'tool_result',
        actor: 'tool',
        parts: [{ type: 'text', text: one.result }],
        toolResult: { callId: 'call_1', status: 'ok' },
      };
    const value = typeof one.call === 'string' ? undefined : (JSON.parse(JSON.stringify(one.call)) as never);
    const argumentsRaw = typeof one.call === 'string' ? one.call : JSON.stringify(one.call);
    const toolCall = { callId: one.callId ?? 'call_1', name: 'lookup', argumentsRaw, origin: 'native' as const };
    return {
      ...base,
      kind: 'tool_call',
      actor: 'model',
      parts: [],
      toolCall: value === undefined ? toolCall : { ...toolCall, arguments: value },
    };
  });
  return {
    schema: 'assay.unit/1',
    id,
    trajectoryId: 't_1',
    rootId: 't_1',
    unit: 'agent',
    ruleId: 'unit.agent',
    cutRuleId: 'cut.none',
    range: [0, told.length],
    events,
    steps: [],
    tools: [],
    models: ['gpt-4o'],
    outcome: { value: 'unknown', basis: 'none', evidence: [], confidence: 0, ruleId: 'outcome.none' },
    tags: {},
    flags: [],
    eligible: { sft: true, reasons: [] },
    ...more,
  };
}
const redact = (told: Told[], more: Partial<Unit> = {}, settings: Partial<RedactionConfig> = {}) =>
  redactTrajectory([unitOf(told, more)], config(settings))[0]!;
const textsOf = (unit: Unit): string[] =>
  unit.events.map((event) => {
    if (event.kind === 'tool_call') return event.toolCall.argumentsRaw;
    const part = event.parts[0];
    return part?.type === 'text' ? part.text : '';
  });
const mark = (value: string, more: Partial<ReviewDecision> = {}): ReviewDecision => ({
  action: 'mask',
  type: 'CONFIDENTIAL',
  value,
  ...more,
});

describe('the units of one trajectory', () => {
  const told: Told[] = [
    'Hi, I am Mara Quist, write to mara.quist@tallow.example.',
    {
      call: {
        to: 'mara.quist@tallow.example',
        'mara.quist@tallow.example': { note: 'for Mara' },
        tel: '020 7946 0139',
      },
    },
    { result: '{"found": true, "contact": {"mail": "mara.quist@tallow.example", "phone": 442079460139}}' },
    'Done, Mara. Quists order was sent to mara.quist@tallow.example',
  ];

  it('hold one token for one value, in texts, tool JSON and keys', () => {
    const { unit, entities } = redact(told);
    const [first, call, result, last] = textsOf(unit);
    expect(first).toBe('Hi, I am [PERSON_1], write to [EMAIL_1].');
    expect(JSON.parse(call!)).toMatchObject({
      to: '[EMAIL_1]',
      '[EMAIL_1]': { note: 'for [PERSON_1]' },
      tel: '[PHONE_1]',
    });
    expect(JSON.parse(result!).contact.mail).toBe('[EMAIL_1]');
    expect(last).toBe('Done, [PERSON_1]. [PERSON_1] order was sent to [EMAIL_1]');
    const mail = entities.find((entity) => entity.placeholder === '[EMAIL_1]')!;
    expect(mail.of).toBe(entities.find((entity) => entity.placeholder === '[PERSON_1]')!.entity);
  });

  it('keep arguments and argumentsRaw one value, in the style it was logged in', () => {
    const call = '{ "to" : "mara.quist@tallow.example",\n "n": 1.0 }';
    const unit = unitOf(['to mara.quist@tallow.example', { call: { to: 'mara.quist@tallow.example', n: 1 } }]);
    const event = unit.events[1]!;
    if (event.kind === 'tool_call') event.toolCall.argumentsRaw = call;
    const done = redactTrajectory([unit], config())[0]!.unit.events[1]!;
    if (done.kind !== 'tool_call') throw new Error('kind changed');
    expect(done.toolCall.argumentsRaw).toBe('{ "to" : "[EMAIL_1]",\n "n": 1.0 }');
    expect(done.toolCall.arguments).toEqual({ to: '[EMAIL_1]', n: 1 });
  });

  it('mask arguments that no one could parse as text', () => {
    const { unit } = redact(['I am Mara Quist', { call: '{"to": "mara.quist@tallow.example", ' }]);
    expect(textsOf(unit)[1]).toBe('{"to": "[EMAIL_1]", ');
  });

  it('keep numbers numbers with as many digits, and keys apart', () => {
    const { unit } = redact([
      'x',
      { call: { phone: 442079460139, 'mara@tallow.example': 1, 'MARA@tallow.example': 2 } },
    ]);
    const value = JSON.parse(textsOf(unit)[1]!);
    expect(String(value.phone)).toMatch(/^90{9}\d\d$/);
    expect(value).toMatchObject({ '[EMAIL_1]': 1, '[EMAIL_2]': 2 });
  });

  it('number from 1 in each unit, and know a value that only another unit gives away', () => {
    const units = [unitOf(['I am Mara Quist. Ask Jon Varga.']), unitOf(['varga asked for quist'], {}, 'u_2')];
    const [, second] = redactTrajectory(units, config());
    expect(textsOf(second!.unit)[0]).toBe('[PERSON_1] asked for [PERSON_2]');
    const ids = redactTrajectory(units, config()).map((done) => done.entities.map((entity) => entity.entity).sort());
    expect(ids[0]).toEqual(ids[1]);
  });

  it('give a bracket token of the log our next number, and say what it was', () => {
    const { unit, values } = redact(['To [EMAIL_7] and mara@tallow.example, again [EMAIL_7]']);
    expect(textsOf(unit)[0]).toBe('To [EMAIL_1] and [EMAIL_2], again [EMAIL_1]');
    expect(values.map((value) => value.value)).toEqual(['[EMAIL_7]', 'mara@tallow.example']);
  });

  it('mask names in ids, tool definitions, settings and participant names', () => {
    const { unit } = redact(['I am Mara Quist'], {
      externalIds: { session: 'session-mquist-88' },
      tools: [
        {
          sha: 'ab',
          name: 'lookup',
          description: 'For Mara Quist only',
          parameters: { default: 'mara.quist' },
          raw: null,
        },
      ],
      steps: [{ id: 's', outputs: [[0, 1]], params: { stop: ['Quist:'] } }],
    });
    expect(stringify(unit)).not.toMatch(/quist/i);
    expect(unit.id).toBe('u_1');
    expect(unit.externalIds!.session).toMatch(/^session-\[\w+\]-88$/);
  });

  it('leave provenance, hashes, times, call ids and enums as they are', () => {
    const unit = unitOf(['I am Mara Quist', { call: { a: 1 }, callId: 'call_9f8A7b6C5d4E3f2A1b0C9d8E' }]);
    unit.events[0]!.ts = '2026-05-03T10:11:12.000Z';
    const done = redactTrajectory([unit], config())[0]!.unit;
    expect(done.events[0]!.raw).toEqual(raw);
    expect(done.events[0]!.ts).toBe('2026-05-03T10:11:12.000Z');
    expect(done.events[1]).toMatchObject({ kind: 'tool_call', toolCall: { callId: 'call_9f8A7b6C5d4E3f2A1b0C9d8E' } });
  });

  it('write spans in code points of the source, paths without values, and no value anywhere but for the vault', () => {
    const done = redact(['👩‍🚀 ok: mara@tallow.example', { call: { 'mara@tallow.example': 'mara@tallow.example' } }]);
    expect(done.spans[0]).toMatchObject({
      path: '/events/0/parts/0/text',
      start: 8,
      end: 27,
      placeholder: '[EMAIL_1]',
    });
    const { values, unit, ...rest } = done;
    expect(JSON.stringify(rest)).not.toContain('tallow');
    expect(JSON.stringify(unit)).not.toContain('tallow');
    expect(values[0]).toMatchObject({ type: 'EMAIL', value: 'mara@tallow.example' });
  });

  it('carry a receipt over every byte of the log, and the hash that restores them', () => {
    const { receipt, unit, hash } = redact(['Grüße von Mara Quist', { call: { a: ['x', 12] } }]);
    expect(receipt.bytesPresent).toBe(receipt.bytesScanned);
    expect(receipt.bytesPresent).toBeGreaterThan(Buffer.byteLength('Grüße von Mara Quist'));
    expect(hash).toBe(contentHash(unit));
    expect(restoreRedacted(JSON.parse(JSON.stringify(unit)), hash)).toEqual(unit);
  });

  it('come out the same a second time', () => {
    const once = redactTrajectory([unitOf(told)], config())[0]!;
    const twice = redactTrajectory([once.unit], config())[0]!;
    expect(twice.hash).toBe(once.hash);
  });

  it('share one value with a unit that is byte-identical when nothing in it changed', () => {
    const unit = unitOf(['what is a mutex?', 'A lock.']);
    expect(redactTrajectory([unit], config())[0]!.hash).toBe(contentHash(unit));
  });
});

describe('what people decide', () => {
  it('a mark masks the value in every unit, or in the one it names', () => {
    const units = () => [unitOf(['the heron plan']), unitOf(['no heron here'], {}, 'u_2')];
    const all = redactTrajectory(units(), config({ decisions: [mark('heron')] }));
    expect(all.map((done) => textsOf(done.unit)[0])).toEqual(['the [CONFIDENTIAL_1] plan', 'no [CONFIDENTIAL_1] here']);
    expect(all[0]!.spans[0]!.decision).toBe('marked');
    const one = redactTrajectory(units(), config({ decisions: [mark('heron', { unitId: 'u_2' })] }));
    expect(one.map((done) => textsOf(done.unit)[0])).toEqual(['the heron plan', 'no [CONFIDENTIAL_1] here']);
  });

  it('a release lets the value stand and is recorded, but never uncovers a larger value', () => {
    const decisions: ReviewDecision[] = [{ action: 'keep', type: 'PERSON', value: 'Mara Quist' }];
    const { unit, spans } = redact(['I am Mara Quist, mara.quist@tallow.example'], {}, { decisions });
    expect(textsOf(unit)[0]).toBe('I am Mara Quist, [EMAIL_1]');
    expect(spans.find((span) => span.decision === 'released')).toMatchObject({ type: 'PERSON' });
  });

  it("a dictionary masks the project's words, and follows them everywhere", () => {
    const dictionary = compileDictionary(
      [{ id: '1', value: 'Skarn', aliases: ['SKN-7'], type: 'CONFIDENTIAL', mode: 'word' }],
      3,
    );
    const { unit } = redact(['About skarn', { call: { codename: 'skn-7' } }], {}, { dictionary });
    expect(textsOf(unit)).toEqual(['About [CONFIDENTIAL_1]', '{"codename":"[CONFIDENTIAL_2]"}']);
  });

  it('a policy keeps a quasi type, not a direct one', () => {
    const told = ['Born on 12 March 1984; mail mara@tallow.example'];
    expect(textsOf(redact(told).unit)[0]).not.toContain('1984');
    const kept = textsOf(redact(told, {}, { quasi: { DATE: 'keep', EMAIL: 'keep' } }).unit)[0];
    expect(kept).toContain('12 March 1984');
    expect(kept).not.toContain('tallow');
  });

  it('path rules mask whole leaves and keep others, but keep no secret', () => {
    const pathRules = { mask: ['crm.note'], keep: ['public.*'] };
    const call = {
      crm: { note: 'tall, left-handed' },
      public: { contact: 'Mara Quist', key: 'ghp_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5' },
    };
    const value = JSON.parse(textsOf(redact(['x', { call }], {}, { pathRules }).unit)[1]!);
    expect(value.crm.note).toBe('[CONFIDENTIAL_1]');
    expect(value.public.contact).toBe('Mara Quist');
    expect(value.public.key).toMatch(/^\[SECRET_\d\]$/);
  });
});
