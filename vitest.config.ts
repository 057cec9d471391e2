import { defineConfig } from 'vitest/config';

/** Three kinds of tests: pure ones (`unit`), the interface's (`components`), and those on a real Postgres (`database`). */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{lib,scripts,components,docs}/**/*.test.ts', 'proxy.test.ts'],
          exclude: ['**/*.db.test.ts', 'node_modules/**'],
          environment: 'node',
        },
      },
      {
        test: { name: 'components', include: ['components/**/*.test.tsx'], environment: 'jsdom' },
      },
      {
        test: {
          name: 'database',
          include: ['{lib,scripts}/**/*.db.test.ts'],
          environment: 'node',
          globalSetup: ['lib/store/testing/postgres-for-tests.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
