// Vitest's projects: `unit` is quick and runs in check; `interop` uses built programs and stock clients; both are real.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Programs of two tests on one machine would find each other; those that are to do so say it themselves.
process.env['CARAVAN_DISCOVERY'] ??= 'off';

/** Files that take long for their size: first, so that no core has nothing to do while the last of them goes on. */
const LONG_FILES =
  /\/(link-waking|presence|relay-requests|first-sync|import-trello|import-markdown|history-kills|cli-access)\.test\.ts$/;

/** As Vitest does, by size where nothing is known of earlier runs. */
class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG_FILES.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** Whatever waits for a condition has a busy machine's patience: left out, a poll gives up after one second of the clock. */
const expecting = { poll: { timeout: 15_000, interval: 5 } };

export default defineConfig({
  test: {
    // All cores: each test has folders and ports of its own. The default leaves one of two cores idle.
    maxWorkers: '100%',
    sequence: { sequencer: LongFilesFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,shared,server,build}/**/*.test.ts', 'tests/{contracts,fuzz}/**/*.test.ts'],
          exclude: ['**/*.svelte.test.ts', '**/node_modules/**'],
          setupFiles: ['tests/support/fixed-seed.ts'],
          environment: 'node',
          expect: expecting,
          testTimeout: 20_000,
          // Modules keep no state between files; loading them anew for each was a sixth of the time.
          isolate: false,
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
          expect: expecting,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'interop',
          include: ['tests/interop/**/*.test.ts'],
          // As above; what a file starts ends with it.
          isolate: false,
          environment: 'node',
          expect: expecting,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
