// `npm run check`: format, lint, layers, types and unit tests, all of them even after a failure, and a summary.
import { runStep } from './run-step.js';
import { staticSteps, vitestStep } from './steps.js';

/** @type {string[]} */
const lines = [];
let failed = 0;
for (const step of [...staticSteps(), vitestStep('unit tests', ['unit', 'runes'])]) {
  console.log(`-- ${step.name}`);
  const { ok, seconds, reason } = await runStep(step);
  if (!ok) failed += 1;
  lines.push(`${ok ? 'ok    ' : 'FAILED'} ${step.name} (${seconds.toFixed(0)} s)${reason && `: ${reason}`}`);
}
console.log(`\n${lines.join('\n')}`);
process.exit(failed > 0 ? 1 : 0);
