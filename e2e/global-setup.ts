import fs from 'node:fs';
import path from 'node:path';
import { startAssay } from './start-assay.ts';

/** One demo store for all specs; its address and people are handed over in ASSAY_E2E. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const assay = await startAssay({ ASSAY_DEMO: '1', ASSAY_TEST: '1' });
  const { url, dataDir, logFile } = assay;
  process.env.ASSAY_E2E = JSON.stringify({ url, dataDir, logFile, users: assay.lines.demo?.users ?? [] });
  return async () => {
    await assay.stop();
    fs.rmSync(path.dirname(dataDir), { recursive: true, force: true });
  };
}
