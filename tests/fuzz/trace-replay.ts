// A recorded concurrent editing trace played by its authors, each at a host of their own; the recording says what each had seen.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { Authors, type Author, type Stores } from './authors-apart.ts';
import { randomOf } from './seeded.ts';

/** As ../shared/data/README.md describes it. */
export interface Trace {
  readonly endContent: string;
  readonly txns: readonly {
    readonly parents: readonly number[];
    readonly agent: number;
    readonly patches: readonly (readonly [at: number, deleted: number, inserted: string])[];
  }[];
}

export async function readTrace(path: string): Promise<Trace> {
  return JSON.parse(gunzipSync(await readFile(path)).toString('utf8')) as Trace;
}

export interface Replayed {
  readonly text: string;
  readonly faults: readonly string[];
  readonly meetings: number;
}

/** Steps between waiting for the hosts: nobody types 20,000 letters while the disk writes the first. */
const BREATH = 200;

/** Plays the transactions; before each, its author's host gets what the author had seen, and nothing else. */
export async function replayTrace(trace: Trace, seed: number, stores?: Stores): Promise<Replayed> {
  const authors = await Authors.begin(randomOf(seed), stores);
  const known = new Map<Author, Set<number>>();
  const updates: Uint8Array[] = [];
  let meetings = 0;
  try {
    for (const [number, { parents, agent, patches }] of trace.txns.entries()) {
      const author = await authors.author(`agent ${String(agent)}`);
      const seen = known.get(author) ?? new Set<number>();
      known.set(author, seen);
      const missing = ancestorsBeyond(trace, parents, seen);
      if (missing.length > 0) {
        meetings += 1;
        await authors.quiet();
        // Merging is superlinear, and some were apart for long.
        for (let at = 0; at < missing.length; at += BREATH) {
          author.receive(Y.mergeUpdates(missing.slice(at, at + BREATH).map((one) => updates[one]!)));
        }
        await authors.quiet();
      }
      const made: Uint8Array[] = [];
      const collect = (update: Uint8Array): void => void made.push(update);
      author.doc.on('update', collect);
      const body = author.doc.getText('body');
      author.doc.transact(() => {
        for (const [at, deleted, inserted] of patches) {
          if (deleted > 0) body.delete(at, deleted);
          if (inserted !== '') body.insert(at, inserted);
        }
      });
      author.doc.off('update', collect);
      updates.push(made[0] ?? new Uint8Array([0, 0]));
      seen.add(number);
      if (number % BREATH === 0) await authors.quiet();
    }
    await authors.meet();
    return { text: await authors.text(), faults: await authors.faults(), meetings };
  } finally {
    await authors.end();
  }
}

/** The transactions that lead to `parents` and are not among the seen ones, oldest first; they are seen then. */
function ancestorsBeyond(trace: Trace, parents: readonly number[], seen: Set<number>): number[] {
  const found: number[] = [];
  const open = [...parents];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    found.push(at);
    open.push(...(trace.txns[at]?.parents ?? []));
  }
  return found.sort((a, b) => a - b);
}
