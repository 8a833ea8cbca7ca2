// docs/dependencies.md says of every dependency which version it is and why it is there; this holds it to package.json.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;
const page = readFileSync(path.join(ROOT, 'docs/dependencies.md'), 'utf8');

it.each([
  ['dependencies', 'Shipped'],
  ['devDependencies', 'For building, testing and windows'],
] as const)('names each of %s with its version and a reason', (field, heading) => {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const rows = [...section.matchAll(/^\| (@?[a-z][\w./-]*) +\| (\d\S*) +\| (.+?) +\|$/gm)];
  const listed = Object.fromEntries(rows.map(([, name, version]) => [name, version]));
  expect(listed).toEqual(manifest[field]);
  for (const [, name, , reason] of rows) expect(reason!.length, name).toBeGreaterThan(5);
});

it('pins every version exactly', () => {
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
  }
});
