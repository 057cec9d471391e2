import { expect, it } from 'vitest';
import { ACTS, keysOf } from './keys.ts';
import { navigationFor } from './navigation.ts';

const places = (role: Parameters<typeof navigationFor>[0]) =>
  navigationFor(role).flatMap((g) => g.items.map((i) => i.href));

it('shows a reviewer the desks and no operations', () => {
  expect(places('reviewer')).toEqual(['/', '/audit', '/units']);
});
it('shows an operator no text', () => {
  expect(places('operator')).not.toContain('/units');
  expect(places('operator')).toContain('/jobs');
});
it('shows somebody without a role nothing', () => {
  expect(places(null)).toEqual([]);
});
it('shows the counts of what waits', () => {
  expect(navigationFor('reviewer', { '/audit': 83 })[0]?.items[1]?.count).toBe(83);
});
it('writes the same keys as the table of keys', () => {
  for (const group of navigationFor('lead')) {
    for (const item of group.items) {
      const place = item.href === '/' ? 'home' : item.href.slice(1);
      const found = ACTS.find(({ id }) => id === `go.${place}`);
      if (item.keys) expect(found && keysOf(found), item.href).toEqual([item.keys]);
    }
  }
});
