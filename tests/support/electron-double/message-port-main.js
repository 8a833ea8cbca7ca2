// Electron's MessagePortMain over a Node MessagePort: `on` instead of addEventListener, and ports wrapped on the way.
import { MessageChannel } from 'node:worker_threads';
import { strictEmitter } from './strict.js';

/** @typedef {import('node:worker_threads').MessagePort} NodePort */
/** @typedef {import('node:events').EventEmitter & { postMessage(message: unknown, transfer?: object[]): void, start(): void, close(): void }} PortMain */

/** The Node port inside each wrapper. @type {WeakMap<object, NodePort>} */
const inner = new WeakMap();

/** The Node port in a wrapper; the wrapper is used up, as a transferred port is. @param {object} port */
export function unwrapPort(port) {
  const node = inner.get(port);
  if (!node) throw new TypeError('Only a MessagePortMain can be transferred, and only once.');
  inner.delete(port);
  return node;
}

/** @param {NodePort} node @returns {PortMain} */
export function wrapPort(node) {
  let started = false;
  const port = strictEmitter(
    'MessagePortMain',
    {
      /** @param {unknown} message @param {object[]} [transfer] */
      postMessage(message, transfer = []) {
        node.postMessage(message, transfer.map(unwrapPort));
      },
      start() {
        if (started) return;
        started = true;
        // The listener is what starts a Node port; until then its messages wait, as Electron's do.
        node.addEventListener('message', (/** @type {any} */ event) => {
          port.emit('message', { data: event.data, ports: event.ports.map(wrapPort) });
        });
        node.start();
      },
      close() {
        node.close();
      },
    },
    ['addEventListener', 'removeEventListener'],
  );
  node.on('close', () => port.emit('close'));
  inner.set(port, node);
  return port;
}

/** `new MessageChannelMain()` gives both ends. */
export const MessageChannelMain = function () {
  const { port1, port2 } = new MessageChannel();
  return { port1: wrapPort(port1), port2: wrapPort(port2) };
};
