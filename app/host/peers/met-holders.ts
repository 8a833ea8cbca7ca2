// Which members' computers said, when they were met last, that they have an attachment that is not here (rule BS14): in memory, and as rows in the store.
import { z } from 'zod';
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import type { ValueStore, ValueWrite } from '../../../shared/hub/value-store.ts';
import type { BlobAt } from '../attachments/blob-rows.ts';
import { parseJson } from '../data-folder.ts';

const AREA = 'blob-met';
/** Of one attachment; who was met last stays. */
const MOST_HOLDERS = 8;

const row = z.record(z.string(), z.number());

export interface MetHolder {
  readonly device: string;
  readonly at: number;
}

export class MetHolders {
  readonly #values: ValueStore;
  /** By `<workspace>/<space>/<blob>`; whoever was met last stands first. */
  readonly #met = new Map<string, readonly MetHolder[]>();

  private constructor(values: ValueStore) {
    this.#values = values;
  }

  /** Drops what is here by now. */
  static async open(values: ValueStore, isHere: (at: BlobAt) => boolean): Promise<MetHolders> {
    const made = new MetHolders(values);
    const gone: ValueWrite[] = [];
    for await (const [key, value] of values.entries(AREA)) {
      const [workspace = '', space = '', blob = ''] = key.split('/');
      const read = row.safeParse(parseJson(fromUtf8(value) ?? ''));
      if (!read.success || isHere({ workspace, space, blob })) gone.push({ area: AREA, key, value: null });
      else made.#met.set(key, sorted(read.data));
    }
    if (gone.length > 0) await values.write(gone);
    return made;
  }

  of(at: BlobAt): readonly MetHolder[] {
    return this.#met.get(keyOf(at)) ?? [];
  }

  /** What a device says now: that it has these, and that it has not those. */
  async note(device: string, at: number, has: readonly BlobAt[], hasNot: readonly BlobAt[]): Promise<void> {
    const writes: ValueWrite[] = [];
    const change = (of: BlobAt, time: number | null): void => {
      const key = keyOf(of);
      const known = this.#met.get(key) ?? [];
      if (time === null && !known.some((one) => one.device === device)) return;
      const others = known.filter((one) => one.device !== device);
      const next = Object.fromEntries(others.map((one) => [one.device, one.at]));
      if (time !== null) next[device] = time;
      const kept = sorted(next);
      if (kept.length > 0) this.#met.set(key, kept);
      else this.#met.delete(key);
      const text = JSON.stringify(Object.fromEntries(kept.map((one) => [one.device, one.at])));
      writes.push({ area: AREA, key, value: kept.length > 0 ? utf8(text) : null });
    };
    for (const of of has) change(of, at);
    for (const of of hasNot) change(of, null);
    if (writes.length > 0) await this.#values.write(writes);
  }

  async forget(workspace: string): Promise<void> {
    const keys = [...this.#met.keys()].filter((key) => key.startsWith(`${workspace}/`));
    for (const key of keys) this.#met.delete(key);
    if (keys.length > 0) await this.#values.write(keys.map((key) => ({ area: AREA, key, value: null })));
  }
}

function sorted(row: Readonly<Record<string, number>>): readonly MetHolder[] {
  const all = Object.entries(row).map(([device, at]) => ({ device, at }));
  return all.sort((a, b) => b.at - a.at || (a.device < b.device ? -1 : 1)).slice(0, MOST_HOLDERS);
}

function keyOf({ workspace, space, blob }: BlobAt): string {
  return `${workspace}/${space}/${blob}`;
}
