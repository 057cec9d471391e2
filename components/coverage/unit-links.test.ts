import { expect, it } from 'vitest';
import { unitsHref } from './unit-links.ts';

it('opens the units of a cell by the same values', () => {
  expect(unitsHref({ level: 'L3', domain: 'home & garden' })).toBe('/units?level=L3&domain=home+%26+garden');
});
it('asks for an outcome without what it rests on, and for undetermined languages by their code', () => {
  expect(unitsHref({ outcome: 'success, user_feedback' })).toBe('/units?outcome=success');
  expect(unitsHref({ language: 'unknown' })).toBe('/units?lang=und');
});
it('opens nothing where the list has no such filter', () => {
  expect(unitsHref({ tool: 'none' })).toBeNull();
  expect(unitsHref({ hops: '2' })).toBeNull();
});
