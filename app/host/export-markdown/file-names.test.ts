// Names of files out of titles: apart where case does not count, and found at once however many have one title.
import { expect, it } from 'vitest';
import { uniqueName } from './file-names.ts';

it('[I2] names that others have get the next number that is free', () => {
  const taken = new Map<string, number>();
  const names = ['Plan', 'plan 2', 'PLAN', 'Plan', 'Plan 2', 'plan'].map((name) => uniqueName(name, taken));
  expect(names).toEqual(['Plan', 'plan 2', 'PLAN 3', 'Plan 4', 'Plan 2 2', 'plan 5']);
});

it('[I2] 20,000 documents of one title have names in a moment', () => {
  const taken = new Map<string, number>();
  const begun = performance.now();
  const names = Array.from({ length: 20_000 }, () => uniqueName('Untitled', taken));
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect([new Set(names).size, names.at(-1)]).toEqual([20_000, 'Untitled 20000']);
});
