// Which of a room's updates can be read, in an order in which each finds what it builds on, and which wait for something that is missing. It changes no byte.
import type { Knowledge } from './knowledge.ts';
import { readUpdateFacts } from './update-facts.ts';

export interface Fitting {
  /** Each behind what it builds on; `fresh`: it brings something that those before it do not have. */
  readonly fits: readonly { readonly update: Uint8Array; readonly fresh: boolean }[];
  /** What builds on something that is missing, or cannot be read, in the order given. */
  readonly waiting: readonly Uint8Array[];
}

/** @param known what is there before them; what fits is added to it. */
export function fittingUpdates(known: Knowledge, updates: readonly Uint8Array[]): Fitting {
  const fits: { update: Uint8Array; fresh: boolean }[] = [];
  let waiting = updates;
  // One may come before what it builds on: after a repair, or where somebody filled a hole.
  for (let left = -1; left !== waiting.length;) {
    left = waiting.length;
    waiting = waiting.filter((update) => {
      const facts = readUpdateFacts(update);
      const fit = facts ? known.fit(facts) : 'gap';
      if (!facts || fit === 'gap') return true;
      if (fit === 'new') known.add(facts);
      fits.push({ update, fresh: fit === 'new' });
      return false;
    });
  }
  return { fits, waiting };
}
