import { expect, it } from 'vitest';
import { readDisplay } from './display.ts';

it('takes the choices from the cookies', () => {
  const jar: Record<string, string> = { 'assay-theme': 'dark', 'assay-density': 'compact' };
  expect(readDisplay((name) => jar[name])).toEqual({ theme: 'dark', density: 'compact' });
});

it('falls back to the system when a cookie is absent or forged', () => {
  expect(readDisplay(() => undefined)).toEqual({ theme: 'system', density: 'comfortable' });
  expect(readDisplay(() => '"><script>')).toEqual({ theme: 'system', density: 'comfortable' });
});
