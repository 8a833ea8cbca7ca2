// Reads what Vitest and Playwright wrote and counts it; a report that cannot be read counts as a failure.
import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number, skippedTitles: string[] }} Count */

/** @param {string} file @returns {unknown} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} file @returns {Count} */
export function countVitest(file) {
  const report =
    /** @type {{ testResults?: { status: string, name: string, assertionResults: { status: string, fullName: string }[] }[] } | null} */ (
      read(file)
    );
  if (!report?.testResults) return { passed: 0, failed: 1, skipped: 0, skippedTitles: [] };
  const count = { passed: 0, failed: 0, skipped: 0, skippedTitles: /** @type {string[]} */ ([]) };
  for (const suite of report.testResults) {
    // A file that could not even be loaded has no tests of its own, and yet it failed.
    if (suite.status === 'failed' && suite.assertionResults.every(({ status }) => status !== 'failed'))
      count.failed += 1;
    for (const { status, fullName } of suite.assertionResults) {
      if (status === 'passed') count.passed += 1;
      else if (status === 'failed') count.failed += 1;
      else {
        count.skipped += 1;
        count.skippedTitles.push(fullName);
      }
    }
  }
  return count;
}

/**
 * @typedef {object} BrowserSuite
 * @property {string} title
 * @property {BrowserSuite[]} [suites]
 * @property {{ title: string, tests: { status: 'expected' | 'unexpected' | 'flaky' | 'skipped' }[] }[]} [specs]
 */

/** A flaky test counts as failed: nothing here is allowed to need a second try. @param {string} file @returns {Count} */
export function countPlaywright(file) {
  const report = /** @type {{ suites?: BrowserSuite[], errors?: unknown[] } | null} */ (read(file));
  if (!report?.suites) return { passed: 0, failed: 1, skipped: 0, skippedTitles: [] };
  const count = {
    passed: 0,
    failed: report.errors?.length ?? 0,
    skipped: 0,
    skippedTitles: /** @type {string[]} */ ([]),
  };
  const waiting = [...report.suites];
  for (let suite = waiting.pop(); suite; suite = waiting.pop()) {
    waiting.push(...(suite.suites ?? []));
    for (const spec of suite.specs ?? []) {
      for (const { status } of spec.tests) {
        if (status === 'expected') count.passed += 1;
        else if (status === 'skipped') {
          count.skipped += 1;
          count.skippedTitles.push(spec.title);
        } else count.failed += 1;
      }
    }
  }
  return count;
}
