// Where the project's folders are, for the build scripts; it does nothing else.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const DIST = path.join(ROOT, 'dist');

/** A path inside the project. @param {...string} parts */
export function inProject(...parts) {
  return path.join(ROOT, ...parts);
}

/** The project's package.json, as far as the scripts read it. */
export function readManifest() {
  /** @type {{ name: string, version: string, dependencies: Record<string, string>, devDependencies: Record<string, string> }} */
  const manifest = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  return manifest;
}

/** The program file of an installed package. @param {string} packageName @param {string} file */
export function packageFile(packageName, file) {
  const found = inProject('node_modules', packageName, file);
  if (!existsSync(found)) {
    throw new Error(`${packageName} is not installed (${found} is missing). Run npm ci, which installs everything.`);
  }
  return found;
}
