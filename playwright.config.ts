import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/chromium.ts';

/** Chromium as root has no sandbox and, in a container, little shared memory; nothing it does may leave the machine. */
const rootFlags = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
const quietFlags = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/global-setup.ts',
  // One store for all: specs that change the same queue would meet each other.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: findChromium(),
      args: [...quietFlags, ...(process.getuid?.() === 0 ? rootFlags : [])],
    },
  },
});
