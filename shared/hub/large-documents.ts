// Documents that are more than half as large as any may be: remembered and told, so that nobody meets the limit unwarned. It measures nothing.
import { toWireError } from '../base/app-error.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { fromUtf8, utf8 } from '../base/encoding.ts';
import type { Logger } from '../base/logger.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { ValueStore } from './value-store.ts';

const AREA = 'large';
/** Bytes that a size must have moved by to be written again. */
const STEP = 1024 * 1024;

/** By room; what is remembered is written when a document passes the half, and a mebibyte at a time from there on. */
export class LargeDocuments {
  readonly #values: ValueStore;
  readonly #logger: Logger;
  readonly #sizes = new Map<string, number>();
  readonly #changes: Emitter<string>;

  constructor(values: ValueStore, logger: Logger) {
    this.#values = values;
    this.#logger = logger.child('large-documents');
    this.#changes = new Emitter((error) => {
      this.#logger.log('error', 'listener-failed', { code: toWireError(error).code });
    });
  }

  /** Reads what is remembered. Throws what the store throws. */
  async load(): Promise<void> {
    for await (const [room, value] of this.#values.entries(AREA)) {
      const size = Number(fromUtf8(value) ?? '');
      if (Number.isSafeInteger(size) && size > 0) this.#sizes.set(room, size);
    }
  }

  /** Bytes by room. */
  get sizes(): ReadonlyMap<string, number> {
    return this.#sizes;
  }

  /** A document became large, or is no longer; the value is its room. */
  get onChange(): Event<string> {
    return this.#changes.event;
  }

  /** Called with every change of a document. */
  measured(room: string, bytes: number): void {
    const known = this.#sizes.get(room);
    const large = bytes > LIMITS.documentWarning;
    if (!large && known === undefined) return;
    if (large && known !== undefined && Math.abs(bytes - known) < STEP) return;
    if (large) this.#sizes.set(room, bytes);
    else this.#sizes.delete(room);
    if (large && known === undefined) {
      this.#logger.log('warn', 'document-large', { room, bytes, limit: LIMITS.document });
    }
    const value = large ? utf8(String(bytes)) : null;
    void this.#values.write([{ area: AREA, key: room, value }]).catch((error: unknown) => {
      // A store that cannot write is shown by itself; the size is measured again with the next change.
      this.#logger.log('warn', 'document-size-not-kept', { code: toWireError(error).code });
    });
    this.#changes.fire(room);
  }
}
