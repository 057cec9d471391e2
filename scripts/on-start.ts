// Run by the supervisor when the processes are up, with the worker's rights. Prints the JSON lines of a fresh store (docs/operations.md):
// the one place that ever shows the first admin's token and the demo's passwords.
import fs from 'node:fs';
import { closeDb } from '#lib/store/db.ts';
import { processSettings } from '#lib/store/env.ts';
import { makeBootstrapToken } from '#lib/usecases/people/set-up.ts';

const settings = processSettings();
const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

if (settings.demo) await seedDemo();
const bootstrap = await makeBootstrapToken();
if (bootstrap) {
  // In the fragment, which browsers never send: the token stays out of every log of addresses.
  const url = `${settings.url}/setup#${bootstrap.token}`;
  print({ bootstrap: { token: bootstrap.token, url, expiresAt: bootstrap.expiresAt.toISOString() } });
}
await closeDb();
process.exit(0);

/** A demo seeds its people itself, so no first admin is asked for. */
async function seedDemo(): Promise<void> {
  const seed = new URL('../lib/usecases/demo/seed-demo.ts', import.meta.url);
  if (!fs.existsSync(seed)) return;
  const { seedDemo } = (await import(seed.href)) as {
    seedDemo: (options: { reviewers: number }) => Promise<{ email: string; password: string; role: string }[] | null>;
  };
  const users = await seedDemo({ reviewers: settings.demoReviewers });
  if (users) print({ demo: { users, url: settings.url } });
}
