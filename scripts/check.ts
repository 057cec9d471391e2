// `npm run check`: types, format and lint, floors; no test, no build.
import { ensureClient } from './build.ts';
import { runStaticChecks } from './checks.ts';

ensureClient();
const { failed } = await runStaticChecks();
process.exit(failed ? 1 : 0);
