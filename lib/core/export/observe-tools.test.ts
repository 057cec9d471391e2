import { expect, it } from 'vitest';
import { makeMeta, makeUnit } from './fixtures/make-unit.ts';
import { ToolObserver } from './observe-tools.ts';
import { toSftRow } from './sft-row.ts';

const call = (args: object) =>
  makeUnit([{ user: 'x' }, { calls: 'find', with: { ...args } as never }, { returns: 'y', of: 'find' }, { says: 'z' }]);
const observe = (...units: ReturnType<typeof call>[]) => {
  const observer = new ToolObserver();
  for (const unit of units) observer.add(unit);
  return observer.catalogue();
};

it('says what was seen of a tool: names, types, and what stood in every call', () => {
  const [tool] = observe(call({ q: 'a', limit: 1 }), call({ q: 'b', limit: 1.5, deep: true, '[PERSON_1]': 1 }));
  expect(tool).toMatchObject({ name: 'find' });
  expect(JSON.stringify(tool!.parameters)).toBe(
    '{"type":"object","properties":{"deep":{"type":"boolean"},"limit":{"type":"number"},"q":{"type":"string"}},"required":["limit","q"]}',
  );
});

it('does not depend on the order of the units', () => {
  const units = [call({ q: 'a' }), call({ q: null, b: [] })];
  expect(observe(...units)).toEqual(observe(...units.toReversed()));
});

it('makes rows of calls that had no tools, which say where their tools are from', () => {
  const unit = call({ q: 'a' });
  const options = { toolCatalogue: observe(unit), toolsFrom: 'observed' as const };
  const made = toSftRow(unit, makeMeta('sft-1'), options);
  expect(made).toMatchObject({
    config: 'sft-agent',
    row: { meta_json: expect.stringContaining('"tools_from":"observed"') },
  });
  expect(toSftRow(unit, makeMeta('sft-1'))).toEqual({ refused: 'tools_unknown' });
});
