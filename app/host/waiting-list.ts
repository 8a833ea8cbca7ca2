// What this computer waits for until somebody else was there: kept in a file, and tried again and again, also after a restart. It does not know what a try is.
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { parseJson, readText, writeText } from './data-folder.ts';
import { OneByOne } from './one-by-one.ts';

/** The other one may sit beside; who is away for days costs little. */
const [FIRST_WAIT, LONGEST_WAIT] = [1_000, 30_000];
/** Milliseconds after which nobody is waited for any more. */
const PATIENCE = 7 * 24 * 3_600_000;

export interface WaitingListOptions<T extends { readonly at: number }> {
  readonly file: string;
  /** What the list is called in the file. */
  readonly name: string;
  /** Of an entry; `at` is since when it waits, in milliseconds since the epoch. */
  readonly entry: z.ZodType<T>;
  readonly clock: Clock;
  /** False in a short command: what waits is kept, and nothing is tried. */
  readonly asks: boolean;
  /** What still waits, or null when it is over, one way or the other. Does not reject. */
  readonly attempt: (waiting: T) => Promise<T | null>;
}

export class WaitingList<T extends { readonly at: number }> {
  readonly #options: WaitingListOptions<T>;
  readonly #storing = new OneByOne();
  #waiting: readonly T[] = [];
  #timer: Disposable | null = null;
  #asking: Promise<void> = Promise.resolve();
  #wait = FIRST_WAIT;
  #closed = false;

  constructor(options: WaitingListOptions<T>) {
    this.#options = options;
  }

  get all(): readonly T[] {
    return this.#waiting;
  }

  /** Goes on with what waited before. Of a file that cannot be read nothing waits; an entry that cannot be is passed over. */
  async start(): Promise<void> {
    const { file, name, entry } = this.#options;
    const read = z.record(z.string(), z.unknown()).safeParse(parseJson((await readText(file)) ?? ''));
    const entries = read.success ? read.data[name] : [];
    this.#waiting = (Array.isArray(entries) ? entries : []).flatMap((one) => {
      const known = entry.safeParse(one);
      return known.success ? [known.data] : [];
    });
    this.#ask(0);
  }

  /** Takes effect at once; resolves when it is stored. What is changed while something is tried stays changed. */
  keep(change: (waiting: readonly T[]) => readonly T[]): Promise<void> {
    const before = this.#waiting;
    this.#waiting = change(before);
    if (before.length === 0 && this.#waiting.length === 0) return Promise.resolve();
    const { file, name } = this.#options;
    return this.#storing.run(async () => {
      const waiting = this.#waiting;
      if (waiting.length === 0) await rm(file, { force: true });
      else await writeText(file, `${JSON.stringify({ [name]: waiting })}\n`);
    });
  }

  /** Something new waits: the first tries are soon. @param at once, or after the first wait. */
  askSoon(at: 'once' | 'first wait'): void {
    this.#wait = FIRST_WAIT;
    this.#ask(at === 'once' ? 0 : FIRST_WAIT);
  }

  /** Tries nothing more; resolves when what is tried now has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.dispose();
    await this.#asking;
  }

  #ask(wait: number): void {
    this.#timer?.dispose();
    this.#timer = null;
    if (this.#closed || !this.#options.asks || this.#waiting.length === 0) return;
    this.#timer = this.#options.clock.after(wait, () => {
      this.#asking = this.#asking.then(() => this.#askAll());
    });
  }

  async #askAll(): Promise<void> {
    const { clock, attempt } = this.#options;
    for (const waiting of [...this.#waiting]) {
      if (this.#closed) return;
      const next = waiting.at + PATIENCE > clock.now() ? await attempt(waiting) : null;
      if (next !== waiting) await this.keep((all) => all.flatMap((one) => (one === waiting ? (next ?? []) : one)));
    }
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 1.5);
    this.#ask(this.#wait);
  }
}
