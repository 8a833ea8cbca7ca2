// The parts of the build and test scripts that decide something: imports, notices, counts, and putting a build in place.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkImports, packageOf } from './bundle-program.js';
import { browserForSpecs } from './find-chromium.js';
import { filesBelow, installOutput } from './install-output.js';
import { noticeOf, noticesText, packageFolderOf, shippedPackages } from './notices.js';
import { inProject, readManifest } from './project.js';
import { countPlaywright, countVitest } from './test-reports.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-scripts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a file below the test's folder and gives its path. */
function write(name: string, content: string | object): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('imports of a program', () => {
  it('names the package of a deep import', () => {
    expect(packageOf('y-protocols/sync')).toBe('y-protocols');
    expect(packageOf('@scope/name/file.js')).toBe('@scope/name');
  });

  it('refuses what an installed copy would lack', () => {
    const dependencies = { yjs: '13.6.33' };
    checkImports(['node:fs', 'fs/promises', 'electron', 'yjs', 'yjs/deep'], dependencies, 'a.ts');
    expect(() => checkImports(['svelte', 'vite', 'svelte/store'], dependencies, 'a.ts')).toThrow(
      'a.ts imports svelte, vite, which is not in "dependencies"',
    );
  });
});

describe('[X17] third-party notices', () => {
  it('find the package of a bundled file', () => {
    expect(packageFolderOf('/a/node_modules/@s/p/dist/x.js?worker')).toBe('/a/node_modules/@s/p');
    expect(packageFolderOf('/a/node_modules/p/node_modules/q/x.js')).toBe('/a/node_modules/p/node_modules/q');
    expect(packageFolderOf('/a/shared/base/clock.ts')).toBeNull();
  });

  it('hold a licence and a text for everything that is shipped', () => {
    const shipped = shippedPackages();
    const notices = [...shipped].map((each) => noticeOf(each));
    for (const name of Object.keys(readManifest().dependencies))
      expect(notices.map((each) => each.name)).toContain(name);
    for (const { name, licence, text } of notices) {
      expect(licence, name).toMatch(/^[\w(]/);
      expect(text.length, name).toBeGreaterThan(150);
    }
  });

  it('stand in the order of names, each once, whatever the order they were found in', () => {
    const one = inProject('node_modules/yjs');
    const two = inProject('node_modules/lib0');
    expect(noticesText([one, two, one])).toBe(noticesText([two, one]));
    expect(noticesText([one, two])).toMatch(/these 2 packages[^]*lib0 0\.[^]*yjs 13\./);
  });

  it('refuse a package without a licence', () => {
    write('p/package.json', { name: 'p', version: '1.0.0' });
    expect(() => noticeOf(path.join(folder, 'p'))).toThrow('p names no licence');
  });
});

describe('counting tests', () => {
  it('counts tests, and a file that could not be loaded as one failure', () => {
    const report = {
      testResults: [
        {
          status: 'passed',
          name: 'a',
          assertionResults: [
            { status: 'passed', fullName: 'x' },
            { status: 'skipped', fullName: 'y' },
          ],
        },
        { status: 'failed', name: 'b', message: '\nnot loaded', assertionResults: [] },
        {
          status: 'failed',
          name: 'c',
          assertionResults: [
            { status: 'failed', fullName: 'z', failureMessages: ['\u001b[31mError: no\u001b[39m\n at x'] },
          ],
        },
      ],
    };
    expect(countVitest(write('vitest.json', report))).toEqual({
      passed: 1,
      failed: 2,
      skipped: 1,
      skippedTitles: ['y'],
      failures: ['b: not loaded', 'c > z: Error: no'],
    });
  });

  it('says of a test that took too long what was waited for: itself, or which hook', () => {
    const stack = (what: string, line: number): string =>
      [
        'Error: STACK_TRACE_ERROR',
        `    at ${what} (${inProject('node_modules/@vitest/runner/dist/chunk-artifact.js')}:719:26)`,
        `    at ${inProject('tests/interop/first-sync.test.ts')}:${line}:1`,
        `    at async VitestModuleEvaluator (${inProject('node_modules/vitest/dist/module-evaluator.js')}:206:4)`,
      ].join('\n');
    const late = (fullName: string, message: string) => ({ status: 'failed', fullName, failureMessages: [message] });
    const report = {
      testResults: [
        {
          status: 'failed',
          name: 'a',
          assertionResults: [late('x', stack('beforeEach', 21)), late('y', stack('task', 63))],
        },
      ],
    };
    expect(countVitest(write('late.json', report)).failures).toEqual([
      'a > x: timed out: beforeEach at tests/interop/first-sync.test.ts:21',
      'a > y: timed out: the test at tests/interop/first-sync.test.ts:63',
    ]);
  });

  it('counts browser specs at every depth; a flaky one has failed', () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
    const report = {
      suites: [
        {
          title: 'a',
          specs: [spec('1', 'expected')],
          suites: [{ title: 'b', specs: [spec('2', 'flaky'), spec('3', 'skipped')] }],
        },
        { title: 'c', specs: [spec('4', 'unexpected')] },
      ],
      errors: [],
    };
    expect(countPlaywright(write('e2e.json', report))).toEqual({
      passed: 1,
      failed: 2,
      skipped: 1,
      skippedTitles: ['3'],
      failures: ['c > 4: no reason given', 'b > 2: no reason given'],
    });
  });

  it('says what a browser spec that took too long waited for, and where', () => {
    const errors = [
      { message: '\u001b[31mTest timeout of 60000ms exceeded.\u001b[39m' },
      {
        message:
          "Error: locator.click: Test timeout of 60000ms exceeded.\nCall log:\n  - waiting for getByRole('option')\n",
        location: { file: inProject('tests/e2e/inbox.spec.ts'), line: 40, column: 7 },
      },
    ];
    const spec = {
      title: '1',
      file: 'inbox.spec.ts',
      tests: [{ status: 'unexpected', results: [{ error: errors[0], errors }] }],
    };
    expect(countPlaywright(write('late-e2e.json', { suites: [{ title: 'a', specs: [spec] }] })).failures).toEqual([
      "inbox.spec.ts > 1: Test timeout of 60000ms exceeded.; Error: locator.click: Test timeout of 60000ms exceeded. at tests/e2e/inbox.spec.ts:40; waiting for getByRole('option')",
    ]);
  });

  it('takes a missing or broken report for a failure', () => {
    expect(countVitest(path.join(folder, 'missing.json')).failed).toBe(1);
    expect(countPlaywright(write('broken.json', '{')).failed).toBe(1);
  });
});

describe('putting a build in place', () => {
  it('replaces what it made, removes what it no longer makes, and leaves the rest', () => {
    write('dist/cli.js', 'old');
    write('dist/cli-parts/old-aaaaaaaa.js', 'old');
    write('dist/relay.js', 'untouched');
    write('fresh/cli.js', 'new');
    write('fresh/cli-parts/new-bbbbbbbb.js', 'new');
    installOutput(path.join(folder, 'fresh'), path.join(folder, 'dist'), (file) => file.startsWith('cli-parts/'));
    expect(filesBelow(path.join(folder, 'dist'))).toEqual(['cli-parts/new-bbbbbbbb.js', 'cli.js', 'relay.js']);
    expect(readFileSync(path.join(folder, 'dist/cli.js'), 'utf8')).toBe('new');
    expect(existsSync(path.join(folder, 'fresh'))).toBe(false);
  });
});

describe('the browser of the specs', () => {
  afterEach(() => vi.unstubAllEnvs());

  // A name that led nowhere used to end `npm test` with a stack, after ten minutes and without its last line.
  it('is the one that is named, or a reason when that is not there', async () => {
    const chromium = write('chromium', '');
    vi.stubEnv('CARAVAN_CHROMIUM', chromium);
    expect(await browserForSpecs()).toEqual({ kind: 'there', chromium });
    vi.stubEnv('CARAVAN_CHROMIUM', path.join(folder, 'nowhere'));
    expect(await browserForSpecs()).toMatchObject({
      kind: 'wrong',
      reason: expect.stringContaining('which is not there'),
    });
  });
});
