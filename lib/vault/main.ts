// The vault's process: listens on a socket file that only this user can open (serve.ts says what it answers).
import fs from 'node:fs';
import { databaseUrl } from '#lib/store/db.ts';
import { processSettings } from '#lib/store/env.ts';
import { heldKey, heldText } from '#lib/store/keys.ts';
import { log } from '#lib/store/log.ts';
import { makeVault } from './serve.ts';

const { vaultSocket } = processSettings();
const { server, close } = makeVault({
  databaseUrl: databaseUrl(),
  keys: {
    kek: heldKey('vault-kek'),
    index: heldKey('index'),
    split: heldKey('split'),
    pseudonym: heldKey('pseudonym'),
  },
  tokens: { web: heldText('vault-web.token'), worker: heldText('vault-worker.token') },
});

let isStopping = false;
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await close();
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());

fs.rmSync(vaultSocket, { force: true }); // left by a killed predecessor
process.umask(0o177); // the socket file is ours alone from its first moment
server.listen(vaultSocket, () => log.info('vault ready'));
