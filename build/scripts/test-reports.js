// Reads what Vitest and Playwright wrote and counts it; a report that cannot be read counts as a failure.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT } from './project.js';

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} skippedTitles
 * @property {string[]} failures file, title and the first line of the reason, one string a failed test
 */

/** @returns {Count} */
function emptyCount() {
  return { passed: 0, failed: 0, skipped: 0, skippedTitles: [], failures: [] };
}

/** @param {string} file @returns {Count} */
function unreadable(file) {
  return { ...emptyCount(), failed: 1, failures: [`${path.basename(file)}: the report cannot be read`] };
}

/** The first line that says something, without colours. @param {string | undefined} text */
function firstLine(text) {
  const plain = stripVTControlCharacters(text ?? '');
  return (plain.split('\n').find((line) => line.trim() !== '') ?? 'no reason given').trim().slice(0, 300);
}

/**
 * Vitest's report has no words for what took too long: its stack begins with a place holder, then names what was waited for (`task` is
 * the test itself) and where that stands. @param {string | undefined} text a failure as Vitest wrote it
 */
function vitestReason(text) {
  const line = firstLine(text);
  if (!line.includes('STACK_TRACE_ERROR')) return line;
  const what = /\n\s+at (?:new )?(\w+) /.exec(text ?? '')?.[1] ?? 'task';
  const place = /\n\s+at (?!.*node_modules).*?(\/[^\s()]+:\d+):\d+\)?(?:\n|$)/.exec(text ?? '')?.[1];
  return `timed out: ${what === 'task' ? 'the test' : what}${place ? ` at ${shortName(place)}` : ''}`;
}

/**
 * Playwright's first error of a test that took too long says no more than that; the one behind it names what was waited for, and where.
 * @param {BrowserResult | undefined} result
 */
function playwrightReason(result) {
  const errors = result?.errors?.length ? result.errors : [result?.error];
  const [first, second] = errors.map((error) => firstLine(error?.message));
  const named = errors.find((error) => error?.location)?.location;
  const place = named ? ` at ${shortName(named.file)}:${named.line}` : '';
  const waits = /- (waiting for [^\n]*)/.exec(
    stripVTControlCharacters(errors.map((error) => error?.message).join('\n')),
  )?.[1];
  return `${first}${second ? `; ${second}` : ''}${place}${waits ? `; ${waits.slice(0, 200)}` : ''}`;
}

/** @param {string} file a path as a runner wrote it */
function shortName(file) {
  return path.isAbsolute(file) ? path.relative(ROOT, file) : file;
}

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
    /** @type {{ testResults?: { status: string, name: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[] } | null} */ (
      read(file)
    );
  if (!report?.testResults) return unreadable(file);
  const count = emptyCount();
  for (const suite of report.testResults) {
    // A file that could not even be loaded has no tests of its own, and yet it failed.
    if (suite.status === 'failed' && suite.assertionResults.every(({ status }) => status !== 'failed')) {
      count.failed += 1;
      count.failures.push(`${shortName(suite.name)}: ${firstLine(suite.message)}`);
    }
    for (const { status, fullName, failureMessages } of suite.assertionResults) {
      if (status === 'passed') count.passed += 1;
      else if (status === 'failed') {
        count.failed += 1;
        count.failures.push(`${shortName(suite.name)} > ${fullName}: ${vitestReason(failureMessages?.[0])}`);
      } else {
        count.skipped += 1;
        count.skippedTitles.push(fullName);
      }
    }
  }
  return count;
}

/**
 * @typedef {object} BrowserTest
 * @property {'expected' | 'unexpected' | 'flaky' | 'skipped'} status
 * @property {BrowserResult[]} [results]
 */

/** @typedef {{ message?: string, location?: { file: string, line: number } }} BrowserError */

/** @typedef {{ error?: BrowserError, errors?: BrowserError[] }} BrowserResult */

/**
 * @typedef {object} BrowserSuite
 * @property {string} title
 * @property {BrowserSuite[]} [suites]
 * @property {{ title: string, file?: string, tests: BrowserTest[] }[]} [specs]
 */

/** A flaky test counts as failed: nothing here is allowed to need a second try. @param {string} file @returns {Count} */
export function countPlaywright(file) {
  const report = /** @type {{ suites?: BrowserSuite[], errors?: { message?: string }[] } | null} */ (read(file));
  if (!report?.suites) return unreadable(file);
  const count = emptyCount();
  for (const { message } of report.errors ?? []) {
    count.failed += 1;
    count.failures.push(`browser specs: ${firstLine(message)}`);
  }
  const waiting = [...report.suites];
  for (let suite = waiting.pop(); suite; suite = waiting.pop()) {
    waiting.push(...(suite.suites ?? []));
    for (const spec of suite.specs ?? []) {
      for (const { status, results } of spec.tests) {
        if (status === 'expected') count.passed += 1;
        else if (status === 'skipped') {
          count.skipped += 1;
          count.skippedTitles.push(spec.title);
        } else {
          count.failed += 1;
          const failed = results?.find(({ error }) => error);
          count.failures.push(`${spec.file ?? suite.title} > ${spec.title}: ${playwrightReason(failed)}`);
        }
      }
    }
  }
  return count;
}
