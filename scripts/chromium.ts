import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from '@playwright/test';

/** @returns the program of a Chromium that runs here: the system's, else the one Playwright keeps; undefined when there is none */
export function findChromium(): string | undefined {
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    chromium.executablePath(),
  ];
  return places.find((place) => fs.existsSync(place) && spawnSync(place, ['--version']).status === 0);
}

/**
 * Finds Chromium, or installs it: as root through the system's packages, else (or when that fails) Playwright's own.
 * @returns undefined when neither is possible; what was tried stands on standard error
 */
export function ensureChromium(): string | undefined {
  const found = findChromium();
  if (found) return found;
  process.stdout.write('Assay: installing Chromium for the browser tests …\n');
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 2, 2] }).status === 0;
    if (apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium') && findChromium())
      return findChromium();
  }
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: ['ignore', 2, 2] });
  return findChromium();
}
