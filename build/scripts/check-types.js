// Type-checks the project once for each runtime, all of them even after an error, and says which failed.
import { runStep } from './run-step.js';
import { typeSteps } from './steps.js';

/** @type {string[]} */
const failed = [];
for (const step of typeSteps()) {
  const { ok } = await runStep(step);
  if (!ok) failed.push(step.name);
}
if (failed.length > 0) {
  console.error(`Types do not hold for: ${failed.join(', ')}`);
  process.exit(1);
}
