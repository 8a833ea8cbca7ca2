// The project's own code for the scale section, bundled for this run into a folder from which its packages are found.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleProgram } from '../../../build/scripts/bundle-program.js';
import { ROOT } from '../processes.js';

/** @returns {Promise<typeof import('./made.ts')>} */
export async function bundledMade() {
  const folder = path.join(ROOT, 'node_modules/.cache/caravan-bench');
  const output = 'made.js';
  const program = { name: 'bench', entry: 'tests/bench/scale/made.ts', output, format: /** @type {const} */ ('es') };
  // Documents that it makes are read here: there may be one Yjs.
  await bundleProgram(program, folder, [], () => true);
  return import(pathToFileURL(path.join(folder, output)).href);
}
