// Writes into the book what the other end of a link that was dialed holds: the accepting end says so itself to nobody. It claims what was acknowledged, and nothing while that is not known.
import { toWireError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { HolderBook } from '../../../shared/link/holder-book.ts';
import type { Link } from '../../../shared/link/link.ts';

export interface HoldingsTellerOptions {
  readonly link: Pick<Link, 'holdings' | 'onOutbox' | 'onStatus' | 'otherHub'>;
  readonly book: HolderBook;
  readonly workspace: string;
  /** The other end's device. */
  readonly other: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds for which acknowledgements are collected, as devices collect what they say of themselves. */
const COLLECT = 1_000;

export class HoldingsTeller implements Disposable {
  readonly #options: HoldingsTellerOptions;
  readonly #held = new DisposableStore();
  #timer: Disposable | null = null;
  #telling: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(options: HoldingsTellerOptions) {
    this.#options = options;
    const { link } = options;
    this.#held.add(link.onOutbox(() => this.#soon()));
    this.#held.add(link.onStatus(() => this.#soon()));
  }

  dispose(): void {
    this.#disposed = true;
    this.#held.dispose();
    this.#timer?.dispose();
  }

  #soon(): void {
    this.#timer ??= this.#options.clock.after(COLLECT, () => {
      this.#timer = null;
      this.#telling = this.#telling.then(() => this.#tell());
    });
  }

  async #tell(): Promise<void> {
    const { link, book, workspace, other, logger } = this.#options;
    const hub = link.otherHub;
    if (this.#disposed || hub === null) return;
    try {
      const holdings = await link.holdings();
      if (holdings && !this.#disposed) await book.stated(workspace, { device: other, hub }, holdings);
    } catch (error) {
      // Too little is known then; the next acknowledgement looks again.
      logger.log('warn', 'peer-holdings-not-known', { workspace, code: toWireError(error).code });
    }
  }
}
