// `npm start`: installs what is missing, then brings everything up on the pinned Node (scripts/up.ts).
import { ensureInstalled, runPinned } from './install.mjs';

ensureInstalled();
runPinned('scripts/up.ts', process.argv.slice(2));
