// History rebuilt from raw updates: at every time equal to a copy that was kept, whatever was compacted meanwhile.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { compactUpdates } from '../compaction.ts';
import { rebuildAt } from './rebuild.ts';
import type { TimedUpdate } from './segment.ts';

function from(updates: readonly TimedUpdate[]): () => AsyncIterable<TimedUpdate> {
  return async function* () {
    yield* updates;
  };
}

/** What people see of a document. */
function content(update: Uint8Array): unknown {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, update);
  const found = { body: doc.getText('body').toDelta() as unknown, meta: doc.getMap('meta').toJSON() as unknown };
  doc.destroy();
  return found;
}

type Step =
  | { readonly kind: 'type'; readonly who: number; readonly at: number; readonly text: string }
  | { readonly kind: 'delete'; readonly who: number; readonly at: number; readonly length: number }
  | { readonly kind: 'set'; readonly who: number; readonly key: string; readonly value: string }
  | { readonly kind: 'nest'; readonly who: number; readonly key: string }
  | { readonly kind: 'drop'; readonly who: number; readonly key: string }
  | { readonly kind: 'sync'; readonly who: number }
  | { readonly kind: 'compact' };

const who = fc.nat(3);
const key = fc.constantFrom('a', 'b', 'c');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('type' as const),
      who,
      at: fc.nat(40),
      text: fc.string({ minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      who,
      at: fc.nat(40),
      length: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('set' as const), who, key, value: fc.string({ maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('nest' as const), who, key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), who, key }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sync' as const), who }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'compact' as const }) },
);

const adding = step.filter(({ kind }) => kind === 'type' || kind === 'sync' || kind === 'compact');

/** A hub with four clients; a client sees the others' edits when it syncs. The hub takes an edit the moment that it is made. */
class Team {
  readonly recorded: TimedUpdate[] = [];
  readonly copies: { readonly at: number; readonly content: unknown }[] = [];
  readonly #clients = [1, 2, 3, 4].map((id) => {
    const doc = new Y.Doc();
    doc.clientID = id;
    return doc;
  });
  #stored: Uint8Array[] = [];
  #now = 1_000;

  constructor() {
    for (const doc of this.#clients) {
      doc.on('update', (update: Uint8Array, origin: unknown) => {
        if (origin === 'hub') return;
        this.#now += 10;
        this.#stored.push(update);
        this.recorded.push({ at: this.#now, update });
        this.copies.push({ at: this.#now, content: content(this.state) });
      });
    }
  }

  get state(): Uint8Array {
    return Y.mergeUpdates(this.#stored);
  }

  run(one: Step): void {
    if (one.kind === 'compact') return this.compact();
    const doc = this.#clients[one.who]!;
    const body = doc.getText('body');
    const meta = doc.getMap<unknown>('meta');
    switch (one.kind) {
      case 'type':
        return body.insert(Math.min(one.at, body.length), one.text);
      case 'delete': {
        const at = Math.min(one.at, Math.max(0, body.length - 1));
        return body.delete(at, Math.min(one.length, body.length - at));
      }
      case 'set': {
        const nested = meta.get(one.key);
        if (nested instanceof Y.Text) nested.insert(0, one.value || '-');
        else meta.set(one.key, one.value);
        return;
      }
      case 'nest':
        meta.set(one.key, new Y.Text('nested'));
        return;
      case 'drop':
        return meta.delete(one.key);
      case 'sync':
        if (this.#stored.length > 0) Y.applyUpdate(doc, this.state, 'hub');
    }
  }

  compact(): void {
    if (this.#stored.length === 0) return;
    const expected = new Y.Doc();
    Y.applyUpdate(expected, this.state);
    const vector = Y.decodeStateVector(Y.encodeStateVector(expected));
    const compaction = compactUpdates(this.#stored, encodeSorted(vector));
    expect(compaction.kind).toBe('merged');
    if (compaction.kind === 'merged') this.#stored = [compaction.state.update];
  }
}

function encodeSorted(vector: Map<number, number>): Uint8Array {
  return Y.encodeStateVector(new Map([...vector].sort(([a], [b]) => b - a)));
}

describe('rebuilding what a room held', () => {
  test('[SG10] random edits of four clients, compactions in between: every state of the past is what a kept copy says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const team = new Team();
        for (const one of steps) team.run(one);
        team.compact();
        if (team.recorded.length === 0) return;
        for (const { at, content: expected } of team.copies) {
          const past = await rebuildAt(from(team.recorded), team.state, at);
          expect(past.complete).toBe(true);
          expect(content(past.update)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('[SG10] before the first edit there is nothing, and between two edits what the earlier one left', async () => {
    const team = new Team();
    team.run({ kind: 'type', who: 0, at: 0, text: 'one' });
    team.run({ kind: 'type', who: 0, at: 3, text: ' two' });
    const at = async (time: number) => content((await rebuildAt(from(team.recorded), team.state, time)).update);
    expect(await at(1_009)).toEqual({ body: [], meta: {} });
    expect(await at(1_019)).toEqual({ body: [{ insert: 'one' }], meta: {} });
    expect(await at(Number.MAX_SAFE_INTEGER)).toEqual({ body: [{ insert: 'one two' }], meta: {} });
  });

  test('[SG11] what no segment covers counts as there from the beginning, and the result says so', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.array(adding, { minLength: 1, maxLength: 40 }),
        async (before, after) => {
          const team = new Team();
          for (const one of before) team.run(one);
          team.compact();
          const old = team.recorded.length;
          for (const one of after) team.run(one);
          team.compact();
          if (old === 0 || team.recorded.length === old) return;
          const kept = team.recorded.slice(old);
          for (const { at, content: expected } of team.copies.slice(old)) {
            const past = await rebuildAt(from(kept), team.state, at);
            expect(past.complete).toBe(false);
            // Text that an earlier edit brought and a later one deleted is gone with the compaction: only adding is exact here.
            expect((content(past.update) as { body: unknown }).body).toEqual((expected as { body: unknown }).body);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('[SG11] words of a session that has not arrived count as the latest, and so does what it deleted', async () => {
    const ana = new Y.Doc();
    const recorded: TimedUpdate[] = [];
    ana.on('update', (update: Uint8Array) => recorded.push({ at: 1_000 * (recorded.length + 1), update }));
    ana.getText('body').insert(0, 'one ');
    ana.getText('body').insert(4, 'two ');
    const bo = new Y.Doc();
    for (const { update } of recorded) Y.applyUpdate(bo, update);
    bo.getText('body').delete(0, 4);
    bo.getText('body').insert(4, 'three');
    const state = Y.encodeStateAsUpdate(bo);
    const at = async (time: number): Promise<unknown> => {
      const past = await rebuildAt(from(recorded), state, time);
      expect(past.complete).toBe(false);
      return (content(past.update) as { body: unknown }).body;
    };
    // What was collected shows in no state; what stands there was not there before it was typed.
    expect(await at(1_000)).toEqual([{ insert: 'one ' }]);
    expect(await at(2_000)).toEqual([{ insert: 'two three' }]);
  });
});
