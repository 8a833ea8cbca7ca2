// The envelopes of calls: JSON text over any ordered message pipe (WebSocket, MessagePort); decoding is total.
import { z } from 'zod';
import { AppError, fromWireError, toWireError, type WireError } from '../../shared/base/app-error.ts';
import { announcement, CALLS, type Announcement, type CallName, type CallParams, type CallResult } from './calls.ts';

const request = z.object({ id: z.number().int(), call: z.string(), params: z.unknown() });
const reply = z.union([
  z.object({ id: z.number().int(), ok: z.unknown() }),
  z.object({
    id: z.number().int(),
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
]);

/** An ordered pipe of text messages; the owner of the pipe closes it. */
export interface TextPipe {
  send(text: string): void;
}

/** Serves calls: give it each incoming text; it answers through the pipe. `handle` may throw AppErrors. */
export function serveCalls(
  pipe: TextPipe,
  handle: <N extends CallName>(name: N, params: CallParams<N>) => Promise<unknown>,
  onInternalError: (name: string, error: unknown) => void,
): (text: string) => Promise<void> {
  return async (incoming) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(incoming);
    } catch {
      return; // Not JSON: there is no id to answer to.
    }
    const message = request.safeParse(parsed);
    if (!message.success) return;
    const { id, call: name, params } = message.data;
    try {
      if (!Object.hasOwn(CALLS, name)) throw new AppError('unsupported', `This version has no call "${name}".`);
      const known = CALLS[name as CallName];
      const checked = known.params.safeParse(params);
      if (!checked.success) {
        throw new AppError(
          'bad-input',
          `"${name}" was called with something it cannot use: ${z.prettifyError(checked.error)}`,
        );
      }
      const result = await handle(name as CallName, checked.data as never);
      pipe.send(JSON.stringify({ id, ok: known.result.parse(result) }));
    } catch (error) {
      if (!(error instanceof AppError)) onInternalError(name, error);
      pipe.send(JSON.stringify({ id, error: toWireError(error) }));
    }
  };
}

/** The calling end: matches replies to calls. */
export class CallClient {
  readonly #pipe: TextPipe;
  readonly #waiting = new Map<
    number,
    { name: CallName; resolve: (value: never) => void; reject: (error: unknown) => void }
  >();
  readonly #onAnnouncement: (announcement: Announcement) => void;
  #next = 1;
  #closed: AppError | null = null;

  constructor(pipe: TextPipe, onAnnouncement: (announcement: Announcement) => void) {
    this.#pipe = pipe;
    this.#onAnnouncement = onAnnouncement;
  }

  /** Rejects with the AppError that the host answered, or `closed` when the pipe ends first. */
  call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> {
    if (this.#closed) return Promise.reject(this.#closed);
    const id = this.#next++;
    return new Promise<CallResult<N>>((resolve, reject) => {
      this.#waiting.set(id, { name, resolve, reject });
      this.#pipe.send(JSON.stringify({ id, call: name, params }));
    });
  }

  /** Give it each incoming text. What is not a reply or a known announcement is ignored (a newer host may say more). */
  receive(incoming: string): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(incoming);
    } catch {
      return;
    }
    const told = announcement.safeParse(parsed);
    if (told.success) {
      this.#onAnnouncement(told.data);
      return;
    }
    const message = reply.safeParse(parsed);
    if (!message.success) return;
    const waiting = this.#waiting.get(message.data.id);
    if (!waiting) return;
    this.#waiting.delete(message.data.id);
    if ('error' in message.data) {
      waiting.reject(fromWireError(message.data.error as WireError));
      return;
    }
    const result = CALLS[waiting.name].result.safeParse(message.data.ok);
    if (result.success) waiting.resolve(result.data as never);
    else
      waiting.reject(
        new AppError('internal', `The host answered "${waiting.name}" in a form this window does not know.`),
      );
  }

  /** The pipe is gone: everything that waits fails, and so do later calls. */
  close(reason: string): void {
    this.#closed = new AppError('closed', reason);
    for (const { reject } of this.#waiting.values()) reject(this.#closed);
    this.#waiting.clear();
  }
}
