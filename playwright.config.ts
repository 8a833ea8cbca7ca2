// Browser specs: real Chromium from the machine, two workers, no server of Playwright's own; specs start what they need.
import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS } from './build/scripts/chromium-flags.js';

// Hosts of one workspace on one machine would find each other, and be linked where a spec means them to be apart.
process.env['CARAVAN_DISCOVERY'] ??= 'off';

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env['CARAVAN_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [...CHROMIUM_FLAGS],
    },
  },
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
});
