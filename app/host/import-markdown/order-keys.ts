// Order keys for imported pages: new ones stand among their known siblings as the files' names sort. Pure.
import { generateNKeysBetween } from 'fractional-indexing';
import { compareSiblings } from '../../../shared/model/document/order.ts';
import type { KnownPage } from './import-actions.ts';

interface Place {
  readonly id: string;
  readonly parent: string | null;
}

export class OrderKeys {
  readonly #keys = new Map<string, string>();

  /** `places` are in the order that siblings are to have; what is known keeps its key. */
  constructor(known: readonly KnownPage[], places: readonly Place[]) {
    const byParent = new Map<string | null, Place[]>();
    for (const place of places) {
      const siblings = byParent.get(place.parent);
      if (siblings) siblings.push(place);
      else byParent.set(place.parent, [place]);
    }
    for (const [parent, siblings] of byParent) {
      const standing = known.filter((page) => page.parent === parent).sort(compareSiblings);
      this.#fill(standing, siblings);
    }
  }

  /** The key of a page that is not known yet. */
  of(id: string): string {
    return this.#keys.get(id) ?? 'a0';
  }

  #fill(standing: readonly KnownPage[], siblings: readonly Place[]): void {
    const known = new Map(standing.map((page) => [page.id, page.order]));
    // Before the first known sibling the new ones stand behind everything else that is there.
    let lower: string | null = null;
    let run: string[] = [];
    const flush = (): void => {
      const behind = lower ?? standing.at(-1)?.order ?? null;
      const upper = behind === null ? null : (standing.find((page) => page.order > behind)?.order ?? null);
      const keys = keysBetween(behind, upper, run.length);
      for (const [index, id] of run.entries()) this.#keys.set(id, keys[index] ?? 'a0');
      run = [];
    };
    for (const { id } of siblings) {
      const order = known.get(id);
      if (order === undefined) run.push(id);
      else {
        if (run.length > 0) flush();
        lower = order === '' ? null : order;
      }
    }
    if (run.length > 0) flush();
  }
}

/** Keys of hostile shape make the library throw: then the new ones stand at the beginning, told apart by id. */
function keysBetween(lower: string | null, upper: string | null, count: number): string[] {
  try {
    return generateNKeysBetween(lower === '' ? null : lower, upper, count);
  } catch {
    return generateNKeysBetween(null, null, count);
  }
}
