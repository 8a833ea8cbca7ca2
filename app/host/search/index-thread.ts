// The near end of an index: starts its thread (or, where no built one is named, runs it in this one), asks, and hears when it ends. It knows no document.
import { readFile } from 'node:fs/promises';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { AppError } from '../../../shared/base/app-error.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import type { Answered, AnswerOf, Asked, CallOf, IndexCall } from './index-calls.ts';
import { serveIndex } from './serve-index.ts';

/** Megabytes beyond which the thread is ended: a document that needs more is no document. */
const MOST_MEMORY = 1_024;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: AppError) => void;
}

export class IndexThread {
  readonly #port: Pick<Worker | MessagePort, 'postMessage'>;
  readonly #end: () => Promise<unknown>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended = new Emitter<string>();
  #last = 0;
  #over = false;
  /** Fires once, with the reason, where it ended by itself. */
  readonly onEnded = this.#ended.event;

  private constructor(port: Worker | MessagePort, end: () => Promise<unknown>) {
    this.#port = port;
    this.#end = end;
    port.on('message', (message: unknown) => this.#hear(message as Answered));
  }

  /** @param built the built thread (`dist/search.cjs`); null: the same in this thread, for tests. */
  static async start(built: string | null): Promise<IndexThread> {
    if (built === null) {
      const { port1, port2 } = new MessageChannel();
      serveIndex(port2);
      return new IndexThread(port1, () => {
        port1.close();
        port2.close();
        return Promise.resolve();
      });
    }
    // Given as source: a thread cannot read a file out of a packed program by itself.
    const worker = new Worker(await readFile(built, 'utf8'), {
      eval: true,
      name: 'search',
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
    });
    const thread = new IndexThread(worker, () => worker.terminate());
    worker.on('error', (error: Error) => thread.#stopped(error.message));
    worker.on('exit', (code) => thread.#stopped(`it ended with ${code}`));
    return thread;
  }

  call<N extends IndexCall>(call: N, params: CallOf<N>): Promise<AnswerOf<N>> {
    if (this.#over) return Promise.reject(ended());
    this.#last += 1;
    const asked: Asked = { id: this.#last, call, params };
    return new Promise<AnswerOf<N>>((resolve, reject) => {
      this.#waiting.set(asked.id, { resolve: (answer) => resolve(answer as AnswerOf<N>), reject });
      this.#port.postMessage(asked);
    });
  }

  /** Ends it, whatever it is doing. */
  async terminate(): Promise<void> {
    this.#over = true;
    this.#ended.clear();
    for (const { reject } of this.#waiting.values()) reject(ended());
    this.#waiting.clear();
    await this.#end();
  }

  #hear(message: Answered): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (!waiting) return;
    if ('answer' in message) waiting.resolve(message.answer);
    else waiting.reject(new AppError(message.failed === 'damaged' ? 'damaged' : 'internal', message.message));
  }

  #stopped(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    for (const { reject } of this.#waiting.values()) reject(ended());
    this.#waiting.clear();
    this.#ended.fire(reason);
  }
}

function ended(): AppError {
  return new AppError(
    'closed',
    'The search index stopped. Your documents are not touched by it. It starts again by itself.',
  );
}
