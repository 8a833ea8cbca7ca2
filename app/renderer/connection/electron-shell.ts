// Electron's shell: the port to the host that preload hands over, calls as its texts, and rooms as sockets opened over it.
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { MessagePortLike } from '../../../shared/link/message-port.ts';
import { portSocketClass, portTexts, type PortSocketClass } from '../../../shared/link/port-socket.ts';
import { readPreloadMessage, type PageMessage, type ShellEvent } from '../../contract/window-messages.ts';
import type { PipeListener, Shell } from './shell.ts';

/** The code of a socket that could not reach anybody; transient to y-websocket. */
const NOBODY = 1006;

/** The DOM's overloads of postMessage hide that a port takes exactly what a MessagePortLike is given. */
function portLike(port: MessagePort): MessagePortLike {
  return port as unknown as MessagePortLike;
}

/** A socket without a host behind it: it closes at once, and the provider tries again later. */
class UnreachableSocket {
  readonly readyState = 3;
  binaryType = 'arraybuffer';
  onopen: ((event: unknown) => void) | null = null;
  onmessage: ((event: unknown) => void) | null = null;
  onclose: ((event: unknown) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;

  constructor() {
    queueMicrotask(() => this.onclose?.({ type: 'close', code: NOBODY, reason: 'The host is not there.' }));
  }
  send(): void {
    return;
  }
  close(): void {
    return;
  }
}

export class ElectronShell implements Shell, Disposable {
  readonly kind = 'electron';
  readonly rooms: Shell['rooms'];
  readonly #window: Window;
  readonly #events = new Emitter<ShellEvent>();
  readonly #listening: Disposable;
  #waiting: PipeListener | null = null;
  #pipe: { readonly listener: PipeListener; readonly held: Disposable } | null = null;
  #sockets: PortSocketClass | null = null;

  constructor(window: Window) {
    this.#window = window;
    const open = (url: string, protocols?: string | string[]): object =>
      this.#sockets ? new this.#sockets(url, protocols) : new UnreachableSocket();
    // A constructor that answers with another object: the socket of whichever port is there when it is called.
    const RoomSocket = function (url: string, protocols?: string | string[]): object {
      return open(url, protocols);
    };
    // WebSocket-shaped as far as y-websocket and the acknowledgement counter go.
    this.rooms = { url: 'port://host', Socket: RoomSocket as unknown as typeof WebSocket };
    const hear = (event: MessageEvent<unknown>): void => this.#hear(event);
    window.addEventListener('message', hear);
    this.#listening = disposable(() => window.removeEventListener('message', hear));
  }

  /** What the native menus and opened links ask of this window. */
  readonly onEvent = this.#events.event;

  /** The window listens now: what waited for it may come. */
  ready(): void {
    this.#post({ caravan: 'page-ready' });
  }

  /** Asks the shell to save what is shown as a PDF file; where is asked there. */
  savePdf(): void {
    this.#post({ caravan: 'save-pdf' });
  }

  dial(listener: PipeListener): Disposable {
    this.#waiting = listener;
    this.#post({ caravan: 'ask-port' });
    return disposable(() => {
      if (this.#waiting === listener) this.#waiting = null;
      if (this.#pipe?.listener === listener) this.#drop();
    });
  }

  dispose(): void {
    this.#listening.dispose();
    this.#drop();
    this.#events.clear();
  }

  #post(message: PageMessage): void {
    this.#window.postMessage(message, this.#window.location.origin);
  }

  #hear(event: MessageEvent<unknown>): void {
    if (event.source !== this.#window || event.origin !== this.#window.location.origin) return;
    const message = readPreloadMessage(event.data);
    if (message?.caravan === 'port') {
      const [port] = event.ports;
      if (port) this.#take(port);
    } else if (message?.caravan === 'event') {
      if (message.detail.event === 'host-gone') this.#lost();
      this.#events.fire(message.detail);
    }
  }

  #take(port: MessagePort): void {
    const listener = this.#waiting;
    if (!listener) {
      port.close();
      return;
    }
    this.#waiting = null;
    this.#drop();
    const texts = portTexts(portLike(port));
    texts.onText((text) => listener.onText(text));
    texts.onEnd(() => {
      if (this.#pipe?.listener === listener) this.#lost();
    });
    this.#sockets = portSocketClass(portLike(port), () => {
      const { port1, port2 } = new MessageChannel();
      return { port1: portLike(port1), port2: portLike(port2) };
    });
    this.#pipe = {
      listener,
      held: disposable(() => {
        texts.dispose();
        port.close();
      }),
    };
    listener.onOpen(texts);
  }

  #lost(): void {
    const listener = this.#pipe?.listener;
    this.#drop();
    listener?.onEnd({ kind: 'lost', reason: 'The host stopped.' });
  }

  #drop(): void {
    const pipe = this.#pipe;
    this.#pipe = null;
    this.#sockets = null;
    pipe?.held.dispose();
  }
}
