// Real programs for the benchmark: started, waited for, measured, ended. Results are not judged here.
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** @typedef {{ url: string, pid: number, readyAfter: number, stop: () => Promise<void> }} Program */

/**
 * Starts a program and waits for the line of JSON that says where it listens.
 * @param {string} script from the project's root @param {string[]} args @returns {Promise<Program>}
 */
export function startProgram(script, args) {
  const began = performance.now();
  const child = spawn(process.execPath, [path.join(ROOT, script), ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it was ready.`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { url } = JSON.parse(line);
      resolve({ url, pid: child.pid ?? 0, readyAfter: performance.now() - began, stop });
    });
  });
}

/** Runs a `caravan` command and gives its JSON. @param {string[]} args @returns {Promise<any>} */
export async function caravan(...args) {
  const { stdout } = await run(process.execPath, [path.join(ROOT, 'build/bin/caravan.js'), ...args, '--json'], {
    maxBuffer: 1 << 28,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
}

/** Memory of a process in MB: resident now, and the most it ever was. Null where the system does not tell. @param {number} pid */
export function memoryOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const read = (/** @type {string} */ field) =>
      Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
    return { now: read('VmRSS'), most: read('VmHWM') };
  } catch {
    return null; // Not Linux.
  }
}
