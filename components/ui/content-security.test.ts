import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = ['app', 'components'].flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx$/.test(path) && !/\.test\.tsx$/.test(path))
    .map((path) => join(room, path)),
);

/**
 * The policy refuses style attributes in HTML (a script may set them). These draw only in the browser, after mount,
 * where React sets styles by script.
 */
const DRAWN_BY_SCRIPT = [/^components\/transcript\/virtual-list\.tsx$/];

describe('pages keep to their Content-Security-Policy', () => {
  it.each(sources)('%s has no style attribute, no inline handler and no raw HTML', (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    expect(text).not.toMatch(/dangerouslySetInnerHTML/);
    if (!DRAWN_BY_SCRIPT.some((p) => p.test(path))) expect(text).not.toMatch(/\sstyle=\{/);
  });
});
