// `npm test`: installs what is missing, then runs everything on the pinned Node (scripts/test.ts).
import { ensureInstalled, runPinned } from './install.mjs';

ensureInstalled();
runPinned('scripts/test.ts', process.argv.slice(2));
