// Builds every program and the windows into dist/; npm ci runs it. It asks no network and leaves a failed part's old files alone.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DIST, inProject } from './project.js';
import { PROGRAMS, RENDERER_CONFIG } from './programs.js';

if (!existsSync(inProject('node_modules/vite'))) {
  // npm also runs `prepare` after `npm ci --omit=dev`: then a copy that was built before is used as it is.
  if (existsSync(path.join(DIST, 'cli.js'))) process.exit(0);
  console.error('Nothing was built: the development packages are not installed. Run npm ci without --omit=dev.');
  process.exit(1);
}
const { build } = await import('vite');
const { bundleProgram } = await import('./bundle-program.js');
const { installOutput } = await import('./install-output.js');
const { collectPackages, noticesText, shippedPackages } = await import('./notices.js');

const started = performance.now();
mkdirSync(DIST, { recursive: true });
/** @type {Set<string>} */
const bundled = new Set();

/** @type {{ name: string, source: string, belongs: (file: string) => boolean, make: (folder: string) => Promise<void> }[]} */
const parts = [
  ...PROGRAMS.map((program) => ({
    name: program.name,
    source: program.entry,
    belongs: (/** @type {string} */ file) => file.startsWith(`${program.output.replace(/\.c?js$/, '')}-parts/`),
    make: (/** @type {string} */ folder) => bundleProgram(program, folder, [collectPackages(bundled)]),
  })),
  {
    name: 'windows',
    source: RENDERER_CONFIG,
    belongs: (file) => file.startsWith('renderer/'),
    async make(folder) {
      await build({
        configFile: inProject(RENDERER_CONFIG),
        logLevel: 'warn',
        plugins: [collectPackages(bundled)],
        build: { outDir: path.join(folder, 'renderer'), emptyOutDir: false },
      });
      // For the windows, and a second time to lie beside the packed program.
      const notices = noticesText([...shippedPackages(), ...bundled]);
      for (const file of ['renderer/notices.txt', 'notices.txt']) writeFileSync(path.join(folder, file), notices);
    },
  },
];

/** @type {Set<string>} */
const failures = new Set();
/** @param {string} part @param {unknown} error */
const failed = (part, error) => failures.add(`${part}: ${error instanceof Error ? error.message : String(error)}`);
let current = '';
// Vite drops some of its own rejected promises; they must neither end the build at once nor pass unseen.
process.on('unhandledRejection', (error) => failed(current, error));
for (const part of parts) {
  if (!existsSync(inProject(part.source))) {
    failed(part.name, `${part.source} is missing`);
    continue;
  }
  current = part.name;
  const fresh = mkdtempSync(path.join(DIST, '.new-'));
  try {
    await part.make(fresh);
    installOutput(fresh, DIST, part.belongs);
  } catch (error) {
    failed(part.name, error);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const seconds = ((performance.now() - started) / 1000).toFixed(1);
if (failures.size > 0) {
  console.error(`Not built (${seconds} s):\n${[...failures].map((failure) => `  ${failure}`).join('\n')}`);
  console.error('Parts that are not named here were built; what was in dist/ before is still there for the others.');
  process.exit(1);
}
console.log(`Built ${parts.map((part) => part.name).join(', ')} in ${seconds} s.`);
