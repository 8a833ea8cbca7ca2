// Runs one command of a check: output passed on as it comes, input closed, a time limit; it judges nothing but the exit code.
import { spawn } from 'node:child_process';
import { ROOT } from './project.js';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly string[]} command a Node program and its arguments, or with `node: false` any program
 * @property {boolean} [node]
 * @property {Readonly<Record<string, string>>} [env] added to this process's environment
 * @property {number} [minutes] time limit
 */

/** @typedef {{ ok: boolean, seconds: number, reason: string }} StepResult */

/** @param {Step} step @returns {Promise<StepResult>} */
export function runStep(step) {
  const started = performance.now();
  const minutes = step.minutes ?? 15;
  const [program = '', ...rest] = step.command;
  const [file, args] = step.node === false ? [program, rest] : [process.execPath, [program, ...rest]];
  return new Promise((resolve) => {
    // A group of its own on systems that know groups, so that the time limit also ends what the command started.
    const grouped = process.platform !== 'win32';
    const child = spawn(file, args, {
      cwd: ROOT,
      env: { ...process.env, ...step.env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: grouped,
    });
    const stop = () => {
      if (child.pid === undefined) return;
      if (grouped) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    };
    /** @param {NodeJS.Signals} signal */
    const interrupted = (signal) => {
      stop();
      process.kill(process.pid, signal);
    };
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop();
    }, minutes * 60_000);
    /** @param {boolean} ok @param {string} reason */
    const finish = (ok, reason) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      resolve({ ok, reason, seconds: (performance.now() - started) / 1000 });
    };
    child.once('error', (error) => finish(false, error.message));
    child.once('exit', (code, signal) => {
      if (late) finish(false, `still running after ${minutes} minutes, ended`);
      else finish(code === 0, code === 0 ? '' : `ended with ${code ?? signal}`);
    });
  });
}
