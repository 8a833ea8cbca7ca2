// Holds PROTOCOL.md to the tests: a rule that no test names is a wish, and a limit that nothing names is a number.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LIMITS } from './limits.ts';

const ROOTS = ['shared', 'server', 'app', 'tests'];

/** Nothing keeps it yet: it needs a screen. */
const NOT_BUILT = ['documentWarning'];

function textsOf(ending: RegExp): string {
  return ROOTS.flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => ending.test(path))
      .map((path) => readFileSync(join(root, path), 'utf8')),
  ).join('\n');
}

test('every rule of PROTOCOL.md is named by a test', () => {
  const rules = [...readFileSync('shared/protocol/PROTOCOL.md', 'utf8').matchAll(/\*\*([A-Z]{2}\d+)\*\*/g)].map(
    ([, rule]) => rule,
  );
  expect(new Set(rules).size).toBe(rules.length);
  expect(rules.length).toBeGreaterThan(70);
  const tests = textsOf(/\.(test|spec)\.ts$|-contract\.ts$/);
  expect(rules.filter((rule) => !tests.includes(`[${rule}]`))).toEqual([]);
});

test('every limit of the wire is used, and has its reason', () => {
  const table = readFileSync('shared/protocol/limits.ts', 'utf8');
  const code = textsOf(/\.(ts|svelte)$/);
  const names = Object.keys(LIMITS);
  const used = names.filter((name) => !NOT_BUILT.includes(name));
  expect(used.filter((name) => !new RegExp(`LIMITS\\.${name}\\b`).test(code))).toEqual([]);
  expect(names.filter((name) => !new RegExp(`\\*/\\n  ${name}: `).test(table))).toEqual([]);
});
