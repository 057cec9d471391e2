/** The comparison with Python: found where it is, so that the suite also runs where it isn't. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Answer = { text: string; spans: [number, number][] } | { refused: string };
export type Question = { template: string; variables: Record<string, unknown> };

/** A Python with Jinja2: the one named in ASSAY_PYTHON, else `python3`; null where there is none. */
export function findJinja(): string | null {
  for (const python of [process.env.ASSAY_PYTHON, 'python3']) {
    if (!python) continue;
    const found = spawnSync(python, ['-c', 'import jinja2; assert jinja2.__version__ >= "3.1"']);
    if (found.status === 0) return python;
  }
  return null;
}

/** What Jinja2 makes of each question, in order. @param lines as JSON, so that their number literals are kept */
export function askJinja(python: string, lines: readonly string[]): Answer[] {
  const script = fileURLToPath(new URL('./render.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`render.py ended with ${status}: ${stderr.slice(-2000)}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
