// The sittings projection: who sat at which document when last, as its sessions (segments) say; fed by the history. Whether a claim counts is the caller's to ask.
import { z } from 'zod';
import { toBase64url } from '../../../shared/base/encoding.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import { decodeSegment } from '../../../shared/hub/history/segment.ts';
import type { ValueStore } from '../../../shared/hub/value-store.ts';
import type { SegmentSource } from '../../../shared/link/segment-source.ts';
import { ProjectionStore, type StoredProjection } from '../projection-store.ts';

/** Rows of another version are thrown away and read again from the segments. */
const SITTINGS_VERSION = 1;
const PAGE = 200;

const sittingRow = z.object({
  room: z.string(),
  /** When last, by `<device> <signer>`. */
  last: z.record(z.string(), z.number()),
});
type SittingRow = Readonly<z.output<typeof sittingRow>>;

/** A session's end, and what it says of whose it is. */
export interface Sitting {
  readonly device: string;
  readonly signer: string;
  readonly at: number;
}

export interface SittingsParts {
  readonly values: ValueStore;
  readonly history: Pick<SegmentSource, 'segmentsAfter' | 'segmentHeads' | 'readSegment' | 'onSegment'>;
  readonly logger: Logger;
}

export class Sittings {
  readonly #parts: SittingsParts;
  readonly #store: ProjectionStore<SittingRow>;
  readonly #rows: Map<string, SittingRow>;
  /** By `<workspace>/<space>`, the number of the newest segment that is in the rows. */
  readonly #heard: Map<string, number>;
  readonly #hearing: { dispose(): void };
  /** Segments are read one after the other. */
  #listening: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(parts: SittingsParts, store: ProjectionStore<SittingRow>, stored: StoredProjection<SittingRow>) {
    this.#parts = parts;
    this.#store = store;
    this.#rows = new Map(stored.rows);
    this.#heard = new Map(stored.reached);
    this.#hearing = parts.history.onSegment(({ workspace, space, number }) => this.#listen(workspace, space, number));
  }

  static async open(parts: SittingsParts): Promise<Sittings> {
    const store = new ProjectionStore(parts.values, {
      area: 'sittings',
      version: SITTINGS_VERSION,
      row: sittingRow,
    });
    return new Sittings(parts, store, await store.load());
  }

  /** Reads in the background what came since the rows were written. */
  async watch(workspace: string): Promise<void> {
    for (const { space, number } of await this.#parts.history.segmentHeads(workspace)) {
      this.#listen(workspace, space, number);
    }
  }

  settled(): Promise<void> {
    return this.#listening;
  }

  /** Of those who sat at a document, each one's last session. */
  at(room: string): readonly Sitting[] {
    return Object.entries(this.#rows.get(room)?.last ?? {}).map(([who, at]) => {
      const [device = '', signer = ''] = who.split(' ');
      return { device, signer, at };
    });
  }

  /** Throws away everything of a workspace that is on this computer no more. */
  async forget(workspace: string): Promise<void> {
    await this.#listening;
    for (const map of [this.#rows, this.#heard]) {
      for (const key of [...map.keys()]) if (key.startsWith(`${workspace}/`)) map.delete(key);
    }
    await this.#store.forget(workspace);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#hearing.dispose();
    await this.#listening;
  }

  #listen(workspace: string, space: string, number: number): void {
    if (this.#closed || (this.#heard.get(`${workspace}/${space}`) ?? 0) >= number) return;
    this.#listening = this.#listening.then(() =>
      this.#hear(workspace, space).catch((error: unknown) => {
        // The next segment of the space brings it back here.
        this.#parts.logger.log('warn', 'sessions-not-read', { workspace, space, error: String(error) });
      }),
    );
  }

  async #hear(workspace: string, space: string): Promise<void> {
    const { history } = this.#parts;
    const key = `${workspace}/${space}`;
    for (;;) {
      const refs = await history.segmentsAfter(workspace, space, this.#heard.get(key) ?? 0, PAGE);
      const last = refs.at(-1);
      if (!last || this.#closed) return;
      const changed = new Map<string, SittingRow>();
      for (const { hash, room } of refs) {
        const bytes = await history.readSegment(workspace, hash);
        const segment = bytes && decodeSegment(bytes);
        if (!segment || segment.base || segment.device === '') continue;
        const who = `${segment.device} ${toBase64url(segment.signer)}`;
        const known = (changed.get(room) ?? this.#rows.get(room))?.last ?? {};
        if ((known[who] ?? 0) < segment.endedAt) {
          changed.set(room, { room, last: { ...known, [who]: segment.endedAt } });
        }
      }
      for (const [room, row] of changed) this.#rows.set(room, row);
      this.#heard.set(key, last.number);
      await this.#store.save(changed, new Map([[key, last.number]]));
    }
  }
}
