// When entries of an inbox were first known on this computer, so that nothing is told twice; stored before anybody is told. What an entry says it does not know.
import { z } from 'zod';
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import type { ValueStore, ValueWrite } from '../../../shared/hub/value-store.ts';
import { parseJson } from '../data-folder.ts';

const AREA = 'inbox-known';
/** Under which a workspace says since when it is known here. */
const SINCE = ' since';
/** Entries that are in no list any more and still known, of one workspace. */
const MOST_GONE = 5_000;

const stored = z.number();

export class KnownEntries {
  readonly #values: ValueStore;
  /** By workspace and id. */
  readonly #arrived = new Map<string, Map<string, number>>();

  private constructor(values: ValueStore) {
    this.#values = values;
  }

  static async open(values: ValueStore): Promise<KnownEntries> {
    const known = new KnownEntries(values);
    for await (const [key, value] of values.entries(AREA)) {
      const at = stored.safeParse(parseJson(fromUtf8(value) ?? ''));
      const cut = key.indexOf('/');
      if (at.success && cut > 0) known.#of(key.slice(0, cut)).set(key.slice(cut + 1), at.data);
    }
    return known;
  }

  /** When this computer began to look at a workspace; said now where it did not. */
  async since(workspace: string, now: number): Promise<number> {
    const before = this.#of(workspace).get(SINCE);
    if (before !== undefined) return before;
    await this.add(workspace, [SINCE], now);
    return now;
  }

  arrived(workspace: string, id: string): number | null {
    return this.#of(workspace).get(id) ?? null;
  }

  /** Durable when it resolves; rejects where it could not be stored, and then knows nothing of it. */
  async add(workspace: string, ids: readonly string[], now: number): Promise<void> {
    if (ids.length === 0) return;
    const value = utf8(JSON.stringify(now));
    await this.#values.write(ids.map((id) => ({ area: AREA, key: `${workspace}/${id}`, value })));
    for (const id of ids) this.#of(workspace).set(id, now);
  }

  /** Lets go of the oldest that are in no list any more, where there are many. */
  async prune(workspace: string, listed: ReadonlySet<string>): Promise<void> {
    const known = this.#of(workspace);
    if (known.size - listed.size <= MOST_GONE) return;
    const gone = [...known].filter(([id]) => id !== SINCE && !listed.has(id)).sort(([, a], [, b]) => a - b);
    await this.#remove(
      workspace,
      gone.slice(0, gone.length - MOST_GONE / 2).map(([id]) => id),
    );
  }

  async forget(workspace: string): Promise<void> {
    await this.#remove(workspace, [...this.#of(workspace).keys()]);
    this.#arrived.delete(workspace);
  }

  async #remove(workspace: string, ids: readonly string[]): Promise<void> {
    const writes: ValueWrite[] = ids.map((id) => ({ area: AREA, key: `${workspace}/${id}`, value: null }));
    if (writes.length > 0) await this.#values.write(writes);
    for (const id of ids) this.#of(workspace).delete(id);
  }

  #of(workspace: string): Map<string, number> {
    const known = this.#arrived.get(workspace) ?? new Map<string, number>();
    this.#arrived.set(workspace, known);
    return known;
  }
}
