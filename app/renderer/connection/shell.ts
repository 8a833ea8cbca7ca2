// What a window needs of the shell it runs in: pipes to the host and sockets for rooms. It knows no call and no room.
import type { Disposable } from '../../../shared/base/disposable.ts';
import type { TextPipe } from '../../contract/call-messages.ts';

/** Why a pipe ended, or never came up. `refused` is final until the person does something. */
export type PipeEnd =
  { readonly kind: 'lost'; readonly reason: string } | { readonly kind: 'refused'; readonly reason: string };

export interface PipeListener {
  /** The pipe is up; sending works until onEnd. */
  onOpen(pipe: TextPipe): void;
  onText(text: string): void;
  /** Exactly once, also when the pipe never opened. Nothing is delivered after it. */
  onEnd(end: PipeEnd): void;
}

/** The two shells fill this port: a browser's WebSockets, Electron's MessagePort. */
export interface Shell {
  readonly kind: 'browser' | 'electron';
  /** Opens one pipe for calls; disposing closes it without a word to the listener. */
  dial(listener: PipeListener): Disposable;
  /** Where y-websocket opens rooms, and with what. */
  readonly rooms: { readonly url: string; readonly Socket: typeof WebSocket };
}
