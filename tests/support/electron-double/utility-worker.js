// Runs in a worker thread that stands for a utility process: gives it `process.parentPort` and loads its program.
import { parentPort, workerData } from 'node:worker_threads';
import { wrapPort } from './message-port-main.js';
import { strictEmitter } from './strict.js';

if (!parentPort) throw new Error('This file is for a worker thread.');
const toMain = parentPort;
/** @type {{ data: unknown, ports: unknown[] }[]} */
const waiting = [];
const shim = strictEmitter('parentPort', {
  /** @param {unknown} message */
  postMessage: (message) => toMain.postMessage(message),
});
toMain.on('message', ({ message, ports }) => {
  const event = { data: message, ports: ports.map(wrapPort) };
  // As in Electron: messages wait until somebody listens.
  if (shim.listenerCount('message') === 0) waiting.push(event);
  else shim.emit('message', event);
});
shim.on('newListener', (name) => {
  if (name !== 'message') return;
  queueMicrotask(() => {
    for (const event of waiting.splice(0)) shim.emit('message', event);
  });
});
Object.defineProperty(process, 'parentPort', { value: shim });
await import(workerData.program);
