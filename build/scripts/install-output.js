// Puts a finished build in the place of the old one, file by file; a program that runs meanwhile never meets a missing file.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

/** All files below `folder`, as paths relative to it with forward slashes, sorted. @param {string} folder @returns {string[]} */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
}

/**
 * Moves every file of `fresh` to the same place in `target`: parts first, the files that name them last, then
 * removes from `target` what `belongs` says is of this build's making and the build no longer makes.
 * @param {string} fresh @param {string} target @param {(file: string) => boolean} belongs
 */
export function installOutput(fresh, target, belongs) {
  const files = filesBelow(fresh);
  const hashed = (/** @type {string} */ file) => /-[\w-]{8}\.\w+$/.test(file);
  for (const file of [...files.filter(hashed), ...files.filter((file) => !hashed(file))]) {
    mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
    renameSync(path.join(fresh, file), path.join(target, file));
  }
  const made = new Set(files);
  for (const file of filesBelow(target)) {
    if (!made.has(file) && belongs(file)) rmSync(path.join(target, file));
  }
  rmSync(fresh, { recursive: true, force: true });
}
