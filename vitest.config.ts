import { defineConfig } from 'vitest/config';

/** Three kinds of tests: pure and component tests (`unit`), and those on a real Postgres (`*.db.test.ts`). */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['lib/**/*.test.ts', 'scripts/**/*.test.ts', 'components/**/*.test.ts', 'proxy.test.ts'],
          exclude: ['**/*.db.test.ts', 'node_modules/**'],
          environment: 'node',
        },
      },
      {
        test: { name: 'components', include: ['components/**/*.test.tsx'], environment: 'jsdom' },
      },
    ],
  },
});
