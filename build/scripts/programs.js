// The programs that the build makes, as data: where each begins, where its bundle goes, and what is bundled into it.

/**
 * @typedef {object} Program
 * @property {string} name what messages call it
 * @property {string} entry source file, from the project's root
 * @property {string} output file below dist/
 * @property {'es' | 'cjs'} format
 */

/** @type {readonly Program[]} */
export const PROGRAMS = Object.freeze([
  { name: 'command line', entry: 'app/cli/main.ts', output: 'cli.js', format: 'es' },
  { name: 'search thread', entry: 'app/host/search/worker.ts', output: 'search.cjs', format: 'cjs' },
  { name: 'merge thread', entry: 'shared/node/merge-worker.ts', output: 'merge.cjs', format: 'cjs' },
  { name: 'relay', entry: 'server/main.ts', output: 'relay.js', format: 'es' },
  {
    name: 'Electron host',
    entry: 'app/host/utility-entry.ts',
    output: 'electron/host.js',
    format: 'es',
  },
  { name: 'Electron main', entry: 'app/main/main.ts', output: 'electron/main.js', format: 'es' },
  {
    name: 'Electron preload',
    entry: 'app/preload/preload.ts',
    output: 'electron/preload.cjs',
    format: 'cjs',
  },
]);

/**
 * Packages that stay imports; each must stand in package.json's dependencies. All others are bundled in: a program that opens
 * hundreds of small files begins a third of its start with that. These are native or start threads from files of their own.
 */
export const PACKAGES_OUTSIDE = Object.freeze(['classic-level', 'electron', 'electron-updater', 'level', 'pino']);

/** Vite's configuration of the windows; its output goes to dist/renderer. */
export const RENDERER_CONFIG = 'build/vite.renderer.config.ts';
