// `npm test`: every check, the build, and every test there is; ends with the line `N passed, N failed, N skipped`.
import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { browserForSpecs } from './find-chromium.js';
import { dbusForSpecs } from './find-dbus.js';
import { inProject } from './project.js';
import { runStep } from './run-step.js';
import { browserStep, staticSteps, vitestStep, WAITING_WORKERS } from './steps.js';
import { countPlaywright, countVitest } from './test-reports.js';

const { values } = parseArgs({ options: { long: { type: 'boolean', default: false } } });
const env = values.long ? { CARAVAN_LONG: '1' } : {};
// For a runner that hangs, and no promise: on a day when the machine has half its speed, the browser specs take 23.
const minutes = values.long ? 180 : 45;
const reports = inProject('test-results');
mkdirSync(reports, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const lines = [];
/** @type {string[]} */
const skippedTitles = [];
/** @type {string[]} */
const failures = [];

/**
 * Runs a step. Without a report it counts as one check; with one, its tests count, and a runner that fails although
 * every test passed counts as one failure more.
 * @param {import('./run-step.js').Step} step
 * @param {(() => import('./test-reports.js').Count) | null} report
 */
async function run(step, report) {
  console.log(`\n-- ${step.name}`);
  const result = await runStep({ minutes, ...step, env: { ...env, ...step.env } });
  const count = report?.() ?? {
    passed: result.ok ? 1 : 0,
    failed: result.ok ? 0 : 1,
    skipped: 0,
    skippedTitles: [],
    failures: [],
  };
  if (!result.ok && count.failures.length === 0) {
    count.failed = Math.max(count.failed, 1);
    count.failures.push(`${step.name}: ${result.reason}`);
  }
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  skippedTitles.push(...count.skippedTitles);
  failures.push(...count.failures);
  const detail = report ? `: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped` : '';
  lines.push(`${result.ok ? 'ok    ' : 'FAILED'} ${step.name} (${result.seconds.toFixed(0)} s)${detail}`);
  return result.ok;
}

/** A report of an earlier run must not be counted. @param {string} name */
function freshReport(name) {
  const file = inProject('test-results', `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

// Two at a time: each of them keeps one core busy, and together they would cost a minute more one after the other.
const waiting = staticSteps();
const next = async () => {
  for (let step = waiting.shift(); step; step = waiting.shift()) await run(step, null);
};
await Promise.all([next(), next()]);
const unit = freshReport('unit');
await run(vitestStep('unit tests', ['unit', 'runes'], unit), () => countVitest(unit));

if (await run({ name: 'build', command: ['build/scripts/build.js'] }, null)) {
  const interop = freshReport('interop');
  await run(vitestStep('interop tests', ['interop'], interop, WAITING_WORKERS), () => countVitest(interop));
  const found = await browserForSpecs();
  if (found.kind === 'there') {
    await dbusForSpecs();
    const browser = freshReport('browser');
    await run(browserStep(browser, found.chromium), () => countPlaywright(browser));
  } else if (found.kind === 'wrong') {
    // What was named and is not there is a mistake, not a machine without a browser: it must not pass.
    total.failed += 1;
    lines.push(`FAILED browser specs: not run. ${found.reason}`);
  } else {
    total.skipped += 1;
    lines.push('SKIPPED browser specs');
    skippedTitles.push('ALL BROWSER SPECS: no Chromium here. Install one, or name it in CARAVAN_CHROMIUM.');
  }
} else {
  total.failed += 2;
  lines.push('FAILED interop tests and browser specs: not run, because the build failed');
}

console.log(`\n${lines.join('\n')}`);
if (skippedTitles.length > 0) {
  console.log(
    `\n!! SKIPPED, and therefore not shown by this run:\n${skippedTitles.map((title) => `!!   ${title}`).join('\n')}`,
  );
}
if (failures.length > 0) console.log(`\n!! FAILED:\n${failures.map((failure) => `!!   ${failure}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);
