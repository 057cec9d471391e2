import { describe, expect, it } from 'vitest';
import { errorFields, keepAllowed, makeLog } from './log.ts';

function capture(write: (log: ReturnType<typeof makeLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(makeLog('worker', { write: (line: string) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line));
}

describe('our own logs', () => {
  it('carry ids, counts, milliseconds and codes', () => {
    const [line] = capture((log) =>
      log.info('import done', { import: '0198-ab', records: 12, elapsedMs: 3.5, step: 'redact' }),
    );
    expect(line).toMatchObject({
      process: 'worker',
      msg: 'import done',
      import: '0198-ab',
      records: 12,
      elapsedMs: 3.5,
      step: 'redact',
    });
  });

  it('leave out fields that are not on the list, however they got in', () => {
    const slip = { text: 'jane@example.org', email: 'jane@example.org', records: 1, body: { a: 1 } };
    expect(keepAllowed(slip)).toEqual({ records: 1 });
  });

  it('leave out a listed field whose value does not look like an id or a code', () => {
    expect(keepAllowed({ unit: 'Call Jane Doe', code: 'jane@example.org', records: 'twelve' })).toEqual({});
  });

  it('print no event name that may be a sentence from a log', () => {
    const [line] = capture((log) => log.warn('Jane Doe <jane@example.org> called'));
    expect(line).toMatchObject({ msg: 'event' });
    expect(JSON.stringify(line)).not.toContain('jane');
  });

  it('name kind and code of an error and never its message', () => {
    const error = Object.assign(new TypeError('cannot read jane@example.org'), { code: 'E_X' });
    const [line] = capture((log) => log.error('chunk failed', errorFields(error)));
    expect(line).toMatchObject({ errorName: 'TypeError', code: 'E_X' });
    expect(JSON.stringify(line)).not.toContain('jane');
  });
});
