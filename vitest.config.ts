// Vitest's projects: `unit` is quick and runs in check; `interop` uses built programs and stock clients; both are real.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// LevelDB's own code ended the test process once in three whole runs on a damaged store ("Worker exited unexpectedly"): a
// known open defect. Until repair reads damaged stores in a process of its own, these run with `npm run test:long` alone.
const DAMAGE =
  process.env['CARAVAN_LONG'] === '1' ? [] : ['shared/node/store-upkeep.test.ts', 'tests/fuzz/store-damage.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,shared,server,build}/**/*.test.ts', 'tests/{contracts,fuzz}/**/*.test.ts'],
          exclude: ['**/*.svelte.test.ts', '**/node_modules/**', ...DAMAGE],
          environment: 'node',
          testTimeout: 20_000,
        },
      },
      {
        // Runes need the browser build of Svelte; Node packages must not get theirs, hence a project of its own.
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: {
          name: 'runes',
          include: ['app/renderer/**/*.svelte.test.ts'],
          environment: 'node',
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'interop',
          include: ['tests/interop/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
