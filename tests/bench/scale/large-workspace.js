// Makes the large workspace of the benchmark with the project's own code, bundled for this run into a folder of its own.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleProgram } from '../../../build/scripts/bundle-program.js';
import { ROOT } from '../processes.js';

/**
 * Imports a TypeScript module of the tests. Its packages are the project's, hence a folder from which they are found.
 * @param {string} entry from the project's root @param {string} output
 */
export async function importBundled(entry, output) {
  const folder = path.join(ROOT, 'node_modules/.cache/caravan-bench');
  await bundleProgram({ name: 'bench', entry, output, format: 'es', packagesInside: false }, folder, []);
  return import(pathToFileURL(path.join(folder, output)).href);
}

/** @param {string} data @param {number} count @returns {Promise<import('../../support/large-workspace.ts').LargeWorkspace>} */
export async function makeLargeWorkspace(data, count) {
  const made = await importBundled('tests/support/large-workspace.ts', 'large-workspace.js');
  return made.makeLargeWorkspace(data, count);
}
