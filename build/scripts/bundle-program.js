// Bundles one Node or Electron program with Vite; it writes into the folder that it is given and nowhere else.
import { builtinModules } from 'node:module';
import { build } from 'vite';
import { PACKAGES_OUTSIDE } from './programs.js';
import { inProject, readManifest } from './project.js';

const BUILT_IN = new Set(builtinModules);

/** The package that a bare import names: `@scope/name/file` -> `@scope/name`. @param {string} specifier */
export function packageOf(specifier) {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** Not a file's path, nor something that a plugin made. @param {string} specifier */
const isBare = (specifier) => !/^[./\0]/.test(specifier);

/**
 * Fails on an import of a package that would not be there in an installed copy.
 * @param {readonly string[]} imports
 * @param {Readonly<Record<string, string>>} dependencies
 * @param {string} entry
 */
export function checkImports(imports, dependencies, entry) {
  const missing = imports
    .filter((name) => !name.startsWith('node:') && !BUILT_IN.has(name) && packageOf(name) !== 'electron')
    .map(packageOf)
    .filter((name) => !Object.hasOwn(dependencies, name));
  if (missing.length > 0) {
    const names = [...new Set(missing)].sort().join(', ');
    throw new Error(
      `${entry} imports ${names}, which is not in "dependencies" of package.json; an installed copy lacks it.`,
    );
  }
}

/**
 * @param {import('./programs.js').Program} program
 * @param {string} outFolder where `program.output` is put
 * @param {import('vite').Plugin[]} plugins
 * @param {(name: string) => boolean} [isOutside] whether a package stays an import; a bundle that is loaded beside other code shares its packages with it
 */
export async function bundleProgram(
  program,
  outFolder,
  plugins,
  isOutside = (name) => PACKAGES_OUTSIDE.includes(name),
) {
  const { dependencies } = readManifest();
  const chunks = `${program.output.replace(/\.c?js$/, '')}-parts`;
  const results = await build({
    configFile: false,
    envFile: false,
    root: inProject(),
    logLevel: 'error',
    plugins,
    ssr: { noExternal: true, external: [...PACKAGES_OUTSIDE] },
    build: {
      ssr: inProject(program.entry),
      outDir: outFolder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      copyPublicDir: false,
      rolldownOptions: {
        external: (id) => id.startsWith('node:') || BUILT_IN.has(id) || (isBare(id) && isOutside(packageOf(id))),
        output: {
          format: program.format,
          entryFileNames: program.output,
          chunkFileNames: `${chunks}/[name]-[hash].js`,
          ...(program.format === 'cjs' ? { codeSplitting: false } : {}),
        },
      },
    },
  });
  const outputs = (Array.isArray(results) ? results : [results]).flatMap((result) =>
    'output' in result ? result.output : [],
  );
  const files = new Set(outputs.map((output) => output.fileName));
  const imports = outputs
    .flatMap((output) => (output.type === 'chunk' ? [...output.imports, ...output.dynamicImports] : []))
    .filter((name) => !files.has(name));
  checkImports(imports, dependencies, program.entry);
}
