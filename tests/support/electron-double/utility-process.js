// Electron's utilityProcess on worker threads: a real program, a real end, real ports.
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { unwrapPort } from './message-port-main.js';
import { strict, strictEmitter } from './strict.js';

/** The running ones, for tests that crash them. @type {Set<Worker>} */
export const running = new Set();

export const utilityProcess = strict('utilityProcess', {
  /** @param {string} program @param {string[]} [args] @param {{ serviceName?: string, stdio?: string }} [_options] */
  fork(program, args = [], _options = {}) {
    const worker = new Worker(new URL('./utility-worker.js', import.meta.url), {
      argv: args,
      workerData: { program: pathToFileURL(program).href },
    });
    running.add(worker);
    const child = strictEmitter('UtilityProcess', {
      pid: worker.threadId,
      /** @param {unknown} message @param {object[]} [transfer] */
      postMessage(message, transfer = []) {
        const ports = transfer.map(unwrapPort);
        worker.postMessage({ message, ports }, ports);
      },
      kill() {
        void worker.terminate();
        return true;
      },
    });
    worker.on('message', (message) => child.emit('message', message));
    // In a process an error that nobody catches ends it with a message; here it would end the tests' main program.
    worker.on('error', (error) => process.stderr.write(`utility process: ${error.stack}\n`));
    worker.on('exit', (code) => {
      running.delete(worker);
      child.emit('exit', code);
    });
    return child;
  },
});
