// `npm run fuzz -- --seeds N`: the random tests alone, with as many seeds as wanted, from a new one each time; what fails
// names its seed, and `npm run fuzz -- --seed N` runs that one again. Files can be named behind.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { packageFile } from './project.js';
import { runStep } from './run-step.js';

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string' }, seed: { type: 'string' } },
  allowPositionals: true,
});
for (const name of /** @type {const} */ (['seeds', 'seed'])) {
  const value = values[name];
  if (value === undefined || /^[1-9]\d{0,8}$/.test(value)) continue;
  console.error(`--${name} takes a number from 1 to 999999999, not "${value}".`);
  process.exit(2);
}
const seeds = values.seeds ?? (values.seed ? '1' : '1000');
const first = values.seed ?? String(randomInt(1, 900_000_000));
console.log(`${seeds} seeds from ${first}`);
const files = positionals.length > 0 ? positionals : ['tests/fuzz', 'fuzz.test'];
const { ok } = await runStep({
  name: 'fuzz',
  command: [packageFile('vitest', 'vitest.mjs'), 'run', '--project', 'unit', ...files],
  env: { CARAVAN_SEEDS: seeds, CARAVAN_FIRST_SEED: first },
  minutes: 600,
});
process.exit(ok ? 0 : 1);
