// Holds the documents to the tests and to the code: a rule of the wire that no test names is a wish, a limit that nothing uses is a number, and an id with two meanings or none means nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLOSE } from './close-codes.ts';
import { LIMITS } from './limits.ts';

const ROOTS = ['shared', 'server', 'app', 'tests', 'build', 'docs'];
const TESTS = /\.(test|spec)\.ts$|-contract\.ts$/;

interface Written {
  readonly path: string;
  readonly text: string;
}

const FILES: readonly Written[] = ROOTS.flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte|md)$/.test(path))
    .map((path) => join(root, path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') })),
);
const filesOf = (ending: RegExp): readonly Written[] => FILES.filter(({ path }) => ending.test(path));
const PROTOCOL = readFileSync('shared/protocol/PROTOCOL.md', 'utf8');
const RELIABILITY = readFileSync('docs/reliability.md', 'utf8');

/** Bold, with its text behind it: **AB1** or **AB1 Its name**. */
const definedIn = (text: string): string[] =>
  [...text.matchAll(/\*\*([A-Z]{1,2}\d+)\b[^*\n]*\*\*/g)].map(([, id]) => id!);
/** In square brackets, as titles and comments of tests carry it. */
const CARRIED = new Set(
  filesOf(TESTS).flatMap(({ text }) => [...text.matchAll(/\[([A-Z]{1,2}\d+)\]/g)].map(([, id]) => id!)),
);
/** The attacks have two digits and no text but their row in docs/reliability.md. */
const ATTACKS = new Set([...RELIABILITY.matchAll(/\bHB\d\d\b/g)].map(([id]) => id));

test('every rule of PROTOCOL.md is named by a test', () => {
  const rules = definedIn(PROTOCOL);
  expect(rules.length).toBeGreaterThan(150);
  expect(rules.filter((rule) => !CARRIED.has(rule))).toEqual([]);
});

test('an id stands for one text, and every id that a test carries or a comment names has one', () => {
  const places = new Map<string, string[]>();
  for (const { path, text } of filesOf(/\.md$/))
    for (const id of definedIn(text)) places.set(id, [...(places.get(id) ?? []), path]);
  expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
  const isWritten = (id: string): boolean => places.has(id) || ATTACKS.has(id);
  expect([...CARRIED].filter((id) => !isWritten(id))).toEqual([]);
  const prefixes = new Set([...places.keys()].map((id) => id.slice(0, 2)));
  const named = FILES.flatMap(({ path, text }) =>
    (path.endsWith('.md') ? [text] : [...text.matchAll(/^ *(?:\/\/|\/?\*).*$/gm)].map(([comment]) => comment)).flatMap(
      (words) => [...words.matchAll(/(?<![\w#])([A-Z]{2})\d+(?!\w)/g)].map(([id, prefix]) => ({ path, id, prefix })),
    ),
  );
  expect(named.length).toBeGreaterThan(1000);
  expect(named.filter(({ id, prefix }) => prefixes.has(prefix!) && !isWritten(id))).toEqual([]);
});

test('what docs/reliability.md promises is carried by the tests that it names', () => {
  const shown = RELIABILITY.split('\n').flatMap((line) =>
    line.startsWith('| ') ? (line.split('|').at(-2) ?? []) : [],
  );
  expect(shown.length).toBeGreaterThan(60);
  const ids = shown.flatMap((cell) => [...cell.matchAll(/\b[A-Z]{1,2}\d+\b/g)].map(([id]) => id));
  expect(ids.filter((id) => !CARRIED.has(id))).toEqual([]);
  const named = shown.flatMap((cell) =>
    [...cell.matchAll(/`([\w./-]+\.(?:test|spec)\.ts)`/g)].map(([, path]) => path!),
  );
  const paths = filesOf(TESTS).map(({ path }) => `/${path}`);
  expect(named.filter((name) => !paths.some((path) => path.endsWith(`/${name}`)))).toEqual([]);
});

test('every close code has its row in PROTOCOL.md, by its number and its name', () => {
  const rows = [...PROTOCOL.matchAll(/^\| \*\*CC(\d{4})\*\* \| `(\w+)`/gm)].map(([, code, name]) => [
    name,
    Number(code),
  ]);
  expect(Object.fromEntries(rows)).toEqual(CLOSE);
});

test('every limit of the wire is used, and has its reason', () => {
  const table = readFileSync('shared/protocol/limits.ts', 'utf8');
  const code = filesOf(/\.(ts|svelte)$/)
    .filter(({ path }) => !TESTS.test(path))
    .map(({ text }) => text)
    .join('\n');
  const names = Object.keys(LIMITS);
  expect(names.filter((name) => !new RegExp(`LIMITS\\.${name}\\b`).test(code))).toEqual([]);
  expect(names.filter((name) => !new RegExp(`\\*/\\n  ${name}: `).test(table))).toEqual([]);
  // Those that it only points to are where it says.
  const pointers = [...table.matchAll(/^\/\/ - (.+) in (\S+):/gm)];
  expect(pointers.length).toBeGreaterThan(7);
  for (const [, pointed, path] of pointers) {
    const there = readFileSync(path!, 'utf8');
    for (const name of pointed!.split(/, | and /))
      expect(there).toMatch(new RegExp(`^(export )?const ${name}\\b`, 'm'));
  }
});
