// What browsers', Node's and Electron's message ports have in common; it opens no port and knows no message.
import { disposable, type Disposable } from '../base/disposable.ts';

/**
 * A web MessagePort, a `node:worker_threads` MessagePort, or Electron's MessagePortMain (which has `on` instead of
 * `addEventListener`). Whoever made the port closes it.
 */
export interface MessagePortLike {
  /** The runtimes' transfer lists have types of their own: see postWithPort. */
  postMessage(message: unknown): void;
  close(): void;
  start?(): void;
  addEventListener?(type: string, listener: (event: object) => void): void;
  removeEventListener?(type: string, listener: (event: object) => void): void;
  on?(type: string, listener: (event: object) => void): unknown;
  off?(type: string, listener: (event: object) => void): unknown;
}

export interface PortMessage {
  readonly data: unknown;
  /** Ports that were transferred with the message. */
  readonly ports: readonly MessagePortLike[];
}

/** Hears a port's messages and its end (other end closed or its process gone, where the runtime tells). Starts the port. */
export function listenToPort(
  port: MessagePortLike,
  onMessage: (message: PortMessage) => void,
  onEnd: () => void,
): Disposable {
  const message = (event: object): void => {
    const { data, ports } = event as { data?: unknown; ports?: readonly MessagePortLike[] };
    onMessage({ data, ports: ports ?? [] });
  };
  const end = (): void => onEnd();
  if (port.addEventListener) {
    port.addEventListener('message', message);
    port.addEventListener('close', end);
  } else {
    port.on?.('message', message);
    port.on?.('close', end);
  }
  port.start?.();
  return disposable(() => {
    if (port.removeEventListener) {
      port.removeEventListener('message', message);
      port.removeEventListener('close', end);
    } else {
      port.off?.('message', message);
      port.off?.('close', end);
    }
  });
}

/** Sends `message` and gives `port` away with it; the types of transfer lists differ between the runtimes. */
export function postWithPort(through: MessagePortLike, message: unknown, port: MessagePortLike): void {
  const transferring = through as unknown as { postMessage(message: unknown, transfer: readonly unknown[]): void };
  transferring.postMessage(message, [port]);
}

/** The bytes in a message, or null when it carries none. */
export function bytesOf(data: unknown): Uint8Array | null {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return null;
}

/** Bytes that clone alone: cloning a view would copy the whole buffer under it to the other process. */
export function cloneable(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength && bytes.constructor === Uint8Array
    ? bytes
    : new Uint8Array(bytes);
}
