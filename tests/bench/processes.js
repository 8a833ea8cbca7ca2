// Real programs for the benchmark: started, waited for, measured, ended. Results are not judged here.
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Milliseconds of processor time in one tick of /proc/<pid>/stat (USER_HZ is 100 on every Linux that Node runs on). */
const TICK = 10;

/** Programs that run. A measurement that fails must not leave any behind. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * @typedef {{
 *   url: string, pid: number, readyAfter: number, line: any,
 *   end: (signal: NodeJS.Signals) => Promise<void>, stop: () => Promise<void>,
 *   next: () => Promise<any>, say: (line: unknown) => void,
 * }} Program
 */

/**
 * Starts a program and waits for its first line of JSON; `ready` may read another kind of first line.
 * @param {string} node @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string, ready?: (line: string) => any }} [options] @returns {Promise<Program>}
 */
export function startNode(node, args, { env = {}, cwd = ROOT, ready = JSON.parse } = {}) {
  const began = performance.now();
  const child = spawn(node, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'ignore'] });
  running.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  void ended.then(() => running.delete(child));
  const end = async (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal);
    await ended;
  };
  /** @type {((line: string) => void)[]} */
  const waiting = [];
  /** @type {string[]} */
  const lines = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const taker = waiting.shift();
    if (taker) taker(line);
    else lines.push(line);
  });
  /** @type {Set<(error: Error) => void>} */
  const refusing = new Set();
  child.once('exit', (code, signal) => {
    for (const refuse of refusing) refuse(new Error(`${args[0]} ended with ${code ?? signal}.`));
  });
  const nextLine = () =>
    new Promise((/** @type {(line: string) => void} */ resolve, reject) => {
      const line = lines.shift();
      if (line !== undefined) return resolve(line);
      refusing.add(reject);
      waiting.push((next) => {
        refusing.delete(reject);
        resolve(next);
      });
    });
  child.stdin.on('error', () => undefined);
  return nextLine().then((first) => {
    const line = ready(first);
    return {
      url: line?.url ?? '',
      pid: child.pid ?? 0,
      readyAfter: performance.now() - began,
      line,
      end,
      stop: () => end('SIGTERM'),
      next: async () => JSON.parse(await nextLine()),
      say: (message) => child.stdin.write(`${JSON.stringify(message)}\n`),
    };
  });
}

/** @param {string} script from the project's root @param {string[]} args */
export function startProgram(script, args) {
  return startNode(process.execPath, [path.join(ROOT, script), ...args]);
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

/** Milliseconds of processor time that all threads of a process have used; NaN where the system does not tell. @param {number} pid */
export function cpuOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th field behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  } catch {
    return Number.NaN;
  }
}
