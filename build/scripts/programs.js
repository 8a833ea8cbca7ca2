// The programs that the build makes, as data: where each begins, where its bundle goes, and what is bundled into it.

/**
 * @typedef {object} Program
 * @property {string} name what messages call it
 * @property {string} entry source file, from the project's root
 * @property {string} output file below dist/
 * @property {'es' | 'cjs'} format
 * @property {boolean} packagesInside true: packages are bundled in (a sandboxed preload can load one file only);
 *   false: they stay imports, and each must stand in package.json's dependencies
 */

/** @type {readonly Program[]} */
export const PROGRAMS = Object.freeze([
  { name: 'command line', entry: 'app/cli/main.ts', output: 'cli.js', format: 'es', packagesInside: false },
  { name: 'relay', entry: 'server/main.ts', output: 'relay.js', format: 'es', packagesInside: false },
  {
    name: 'Electron host',
    entry: 'app/host/utility-entry.ts',
    output: 'electron/host.js',
    format: 'es',
    packagesInside: false,
  },
  { name: 'Electron main', entry: 'app/main/main.ts', output: 'electron/main.js', format: 'es', packagesInside: false },
  {
    name: 'Electron preload',
    entry: 'app/preload/preload.ts',
    output: 'electron/preload.cjs',
    format: 'cjs',
    packagesInside: true,
  },
]);

/** Vite's configuration of the windows; its output goes to dist/renderer. */
export const RENDERER_CONFIG = 'build/vite.renderer.config.ts';
