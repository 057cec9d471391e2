import fs from 'node:fs';
import path from 'node:path';

const skipped = new Set(['node_modules', '.git', '.next', '.assay', 'generated', 'test-results', 'playwright-report']);
const largestBytes = 4 * 1024 * 1024;

/**
 * Whether a secret stands in a file of this checkout: then everybody who has the repository has it too.
 * @param besides folders that are ours and not the repository's (data, keys)
 */
export function isPublished(secret: string, root: string, besides: string[]): boolean {
  const skip = new Set(besides.map((folder) => path.resolve(folder)));
  const search = (folder: string): boolean =>
    fs.readdirSync(folder, { withFileTypes: true }).some((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return !skipped.has(entry.name) && !skip.has(full) && search(full);
      if (!entry.isFile() || (/^\.env/.test(entry.name) && entry.name !== '.env.example')) return false;
      return fs.statSync(full).size <= largestBytes && fs.readFileSync(full).includes(secret);
    });
  return search(root);
}
