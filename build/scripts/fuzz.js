// `npm run fuzz -- --seeds N`: the random tests alone, with as many seeds as wanted; each prints the seed that fails.
import { parseArgs } from 'node:util';
import { packageFile } from './project.js';
import { runStep } from './run-step.js';

const { values, positionals } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' } },
  allowPositionals: true,
});
if (!/^[1-9]\d{0,6}$/.test(values.seeds)) {
  console.error(`--seeds takes a number from 1 to 9999999, not "${values.seeds}".`);
  process.exit(2);
}
const files = positionals.length > 0 ? positionals : ['tests/fuzz', 'fuzz.test'];
const { ok } = await runStep({
  name: 'fuzz',
  command: [packageFile('vitest', 'vitest.mjs'), 'run', '--project', 'unit', ...files],
  env: { CARAVAN_SEEDS: values.seeds },
  minutes: 600,
});
process.exit(ok ? 0 : 1);
