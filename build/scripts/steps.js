// The steps of `npm run check` and `npm test`, as data; check-types.js holds the ones inside `types`.
import { availableParallelism } from 'node:os';
import { packageFile } from './project.js';

/** @typedef {import('./run-step.js').Step} Step */

/** The static checks: format, lint, layers, types. @returns {Step[]} */
export function staticSteps() {
  return [
    { name: 'format', command: [packageFile('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
    { name: 'lint', command: [packageFile('eslint', 'bin/eslint.js'), '--max-warnings', '0', '.'] },
    {
      name: 'layers',
      command: [
        packageFile('dependency-cruiser', 'bin/dependency-cruise.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        'app',
        'server',
        'shared',
        'tests',
        'build',
      ],
    },
    { name: 'types', command: ['build/scripts/check-types.js'] },
  ];
}

/** One `tsc` for each runtime, and svelte-check for the windows. @returns {Step[]} */
export function typeSteps() {
  const tsc = packageFile('typescript', 'bin/tsc');
  return [
    ...['universal', 'node', 'electron', 'browser-tests'].map((runtime) => ({
      name: runtime,
      command: [tsc, '--project', `tsconfig.${runtime}.json`, '--pretty', 'false'],
    })),
    {
      name: 'renderer',
      command: [
        packageFile('svelte-check', 'bin/svelte-check'),
        '--tsconfig',
        './tsconfig.renderer.json',
        '--fail-on-warnings',
        '--output',
        'human',
      ],
    },
  ];
}

/** Workers for tests of which many wait for a limit to pass: as many as there are cores leave half of them idle. */
export const WAITING_WORKERS = availableParallelism() * 2;

/**
 * Vitest on the named projects.
 * @param {string} name @param {readonly string[]} projects @param {string} [report] JSON file @param {number} [workers] as many as cores where left out
 * @returns {Step}
 */
export function vitestStep(name, projects, report, workers) {
  return {
    name,
    command: [
      packageFile('vitest', 'vitest.mjs'),
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      ...(workers === undefined ? [] : [`--maxWorkers=${workers}`]),
      ...(report ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : []),
    ],
  };
}

/** Playwright on the browser specs. @param {string} report JSON file @param {string} chromium @returns {Step} */
export function browserStep(report, chromium) {
  return {
    name: 'browser specs',
    command: [packageFile('@playwright/test', 'cli.js'), 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report, CARAVAN_CHROMIUM: chromium },
  };
}
