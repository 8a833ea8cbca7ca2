// A Transport over one message port; both ends of the channel use this class.
import type { Disposable } from '../base/disposable.ts';
import { bytesOf, cloneable, listenToPort, type MessagePortLike } from './message-port.ts';
import { TransportInbox } from './transport-inbox.ts';
import type { Transport, TransportClose } from './transport.ts';

/** The code of an end that vanished without a word, as in WebSocket (RFC 6455, 7.4.1). */
export const GONE_WITHOUT_A_WORD = 1006;

/** What is sent before a port is closed: ports themselves carry no code. */
interface CloseNote {
  readonly close: { readonly code: number; readonly reason: string };
}

function closeNote(data: unknown): TransportClose | null {
  if (typeof data !== 'object' || data === null || !('close' in data)) return null;
  const { close } = data as { close: unknown };
  if (typeof close !== 'object' || close === null) return null;
  const { code, reason } = close as { code?: unknown; reason?: unknown };
  return typeof code === 'number' && typeof reason === 'string' ? { code, reason } : null;
}

/** Owns the port: close() closes it, and so does the other end's close. */
export class MessagePortTransport implements Transport {
  readonly #port: MessagePortLike;
  readonly #inbox = new TransportInbox();
  readonly #listening: Disposable;

  constructor(port: MessagePortLike) {
    this.#port = port;
    this.#listening = listenToPort(
      port,
      ({ data }) => {
        const bytes = bytesOf(data);
        if (bytes) {
          this.#inbox.deliver(bytes);
          return;
        }
        const close = closeNote(data);
        if (close) this.#end(close);
      },
      () => this.#end({ code: GONE_WITHOUT_A_WORD, reason: 'The other end is gone.' }),
    );
  }

  get onMessage(): Transport['onMessage'] {
    return this.#inbox.onMessage;
  }

  get onClose(): Transport['onClose'] {
    return this.#inbox.onClose;
  }

  /** A port hands over at once; the runtime does not tell what waits behind it. */
  get backlog(): number {
    return 0;
  }

  send(message: Uint8Array): void {
    if (!this.#inbox.closed) this.#port.postMessage(cloneable(message));
  }

  close(code: number, reason: string): void {
    if (this.#inbox.closed) return;
    const note: CloseNote = { close: { code, reason } };
    this.#port.postMessage(note);
    this.#end({ code, reason });
  }

  #end(close: TransportClose): void {
    if (this.#inbox.closed) return;
    this.#listening.dispose();
    this.#port.close();
    this.#inbox.close(close);
  }
}
