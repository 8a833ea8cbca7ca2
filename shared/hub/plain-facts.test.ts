// Shows that reading updates from their bytes comes to what Yjs decodes and merges, for honest ones and for changed ones.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { DeleteSet } from './delete-set.ts';
import { joinBeyond, joinUpdates } from './join-updates.ts';
import { encodeStateVector, Knowledge } from './knowledge.ts';
import { mergeUpdates } from './merge-updates.ts';
import { readPlainFacts } from './plain-facts.ts';
import { TypedRun } from './typed-run.ts';
import { UpdateLog } from './update-log.ts';
import { readUpdateFacts } from './update-facts.ts';
import { readLayout } from './update-layout.ts';

const WORDS = ['a', 'plain words', 'Grüße, 世界', '👩‍💻👍', ''];

/** Two writers who exchange everything; with marks and values, or with text and types alone. */
function written(steps: readonly number[], rich: boolean): { doc: Y.Doc; updates: Uint8Array[] } {
  const docs = [new Y.Doc({ gc: false }), new Y.Doc({ gc: false })];
  const updates: Uint8Array[] = [];
  docs.forEach((doc, at) => {
    doc.clientID = 10 - at;
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'other') return;
      updates.push(update);
      Y.applyUpdate(docs[1 - at]!, update, 'other');
    });
  });
  for (const step of steps) {
    const doc = docs[step & 1]!;
    const text = doc.getText('body');
    const at = step % (text.length + 1);
    const word = WORDS[step % WORDS.length]!;
    if (step % 7 === 6 && text.length > 0) text.delete(Math.min(at, text.length - 1), 1);
    else if (step % 11 === 5) text.insertEmbed(at, new Y.Map());
    else if (rich && step % 5 === 4) doc.getMap('meta').set('title', { word, list: [step, null] });
    else if (rich && step % 5 === 3) text.format(0, text.length, { bold: step % 2 === 0 });
    else text.insert(at, word);
  }
  return { doc: docs[0]!, updates };
}

const steps = fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 60 });

describe('facts of plain updates', () => {
  it('[HU6] are what Yjs decodes, and nothing is said of other kinds', () => {
    fc.assert(
      fc.property(steps, (one) => {
        for (const update of written(one, false).updates) {
          const { structs, ds } = Y.decodeUpdate(update);
          const facts = readPlainFacts(update, Infinity);
          expect([...facts!.structs.values()].flat().map(({ start, end }) => [start, end])).toEqual(
            structs.map(({ id, length }) => [id.clock, id.clock + length]),
          );
          expect([...facts!.deletes.keys()]).toEqual([...ds.clients.keys()]);
          expect(readPlainFacts(update, 0)).toBeNull();
        }
      }),
    );
    expect(readPlainFacts(written([4], true).updates[0]!, Infinity)).toBeNull();
  });

  it('[HU6] never say of changed bytes what Yjs would not', () => {
    const { doc } = written([0, 2, 4, 6, 16, 17, 8, 3, 20, 27, 33], false);
    const update = Y.encodeStateAsUpdate(doc);
    const read = (bytes: Uint8Array): Y.Item[] | null => {
      try {
        return Y.decodeUpdate(bytes).structs as Y.Item[];
      } catch {
        return null;
      }
    };
    fc.assert(
      fc.property(fc.nat({ max: update.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = new Uint8Array(update);
        changed[at] = byte;
        const facts = readPlainFacts(changed, 1_000_000);
        if (!facts) return;
        const structs = read(changed);
        expect(structs).not.toBeNull();
        const claimed = [...facts.structs].flatMap(([client, list]) => {
          return list.map((fact) => [
            client,
            fact.start,
            fact.end,
            fact.origin?.clock,
            fact.rightOrigin?.clock,
            fact.empty,
          ]);
        });
        expect(claimed).toEqual(
          structs!.map(({ id, length, origin, rightOrigin, content }) => [
            id.client,
            id.clock,
            id.clock + length,
            origin?.clock,
            rightOrigin?.clock,
            !content || content instanceof Y.ContentDeleted,
          ]),
        );
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('updates joined by their bytes', () => {
  it('[HU7] come to the document that Yjs comes to when it merges them', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (one, rich) => {
        const { updates } = written(one, rich);
        if (updates.length === 0) return;
        const built = (update: Uint8Array): Y.Doc => {
          const doc = new Y.Doc({ gc: false });
          Y.applyUpdate(doc, update);
          expect(doc.store.pendingStructs).toBeNull();
          return doc;
        };
        // Not compared with the writers' own document: whoever types inside a pair of surrogates has two replacement characters
        // there, and who gets both updates at once has the pair.
        const expected = Y.encodeStateAsUpdate(built(Y.mergeUpdates(updates)));
        expect(Y.encodeStateAsUpdate(built(joinUpdates(updates)!))).toEqual(expected);
        // Joined again with others, also by Yjs itself.
        const half = Math.ceil(updates.length / 2);
        const halves = [joinUpdates(updates.slice(0, half))!, ...updates.slice(half)];
        expect(Y.encodeStateAsUpdate(built(Y.mergeUpdates(halves)))).toEqual(expected);
        expect(Y.encodeStateAsUpdate(built(joinUpdates(halves)!))).toEqual(expected);
      }),
    );
  });

  it('[HU7] are cut where somebody already has a part, to what Yjs cuts; inside a struct that is left to Yjs', () => {
    let cut = 0;
    fc.assert(
      fc.property(steps, fc.boolean(), fc.nat(), fc.nat(), (one, rich, first, second) => {
        const { updates } = written(one, rich);
        if (updates.length === 0) return;
        const whole = joinUpdates(updates)!;
        const known = new Knowledge(new Map(), new DeleteSet());
        for (const update of updates) known.add(readUpdateFacts(update)!);
        const has = new Map([...known.clocks].map(([client, end], at) => [client, (at ? second : first) % (end + 1)]));
        const beyond = joinBeyond(updates, null, has, known.deletes.encode());
        const boundaries = Y.decodeUpdate(whole).structs.map(({ id }) => `${id.client} ${id.clock}`);
        const splits = [...has].some(([client, clock]) => {
          return clock > 0 && clock < known.clocks.get(client)! && !boundaries.includes(`${client} ${clock}`);
        });
        if (splits) expect(beyond).toBeNull();
        else {
          const missing = [...known.clocks].some(([client, end]) => has.get(client)! < end);
          // Read and written by Yjs once: it leaves out a bit that nobody reads.
          const asYjs = (update: Uint8Array): Uint8Array => Y.diffUpdate(update, new Uint8Array(1));
          if (missing) expect(asYjs(beyond!)).toEqual(Y.diffUpdate(whole, encodeStateVector(has)));
          cut += 1;
        }
      }),
    );
    expect(cut).toBeGreaterThan(10);
  });

  it('[HU7] are left to Yjs where clocks overlap, or something is missing between them', () => {
    const { doc, updates } = written([0, 2, 8, 12, 14], false);
    expect(joinUpdates([updates[0]!, updates[2]!])).toBeNull();
    expect(joinUpdates([updates[0]!, Y.encodeStateAsUpdate(doc)])).toBeNull();
    expect(joinUpdates([updates[0]!, Y.mergeUpdates([updates[1]!, updates[3]!])])).toBeNull();
    expect(joinUpdates([updates[0]!, new Uint8Array([1, 2, 3])])).toBeNull();
    const built = new Y.Doc({ gc: false });
    Y.applyUpdate(built, mergeUpdates([updates[0]!, Y.encodeStateAsUpdate(doc)]));
    expect(built.getText('body').toJSON()).toBe(doc.getText('body').toJSON());
  });

  it('[HU7] are known as exactly by their layout as by what Yjs decodes', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (one, rich) => {
        const [stored, decoded] = [
          new Knowledge(new Map(), new DeleteSet()),
          new Knowledge(new Map(), new DeleteSet()),
        ];
        for (const update of written(one, rich).updates) {
          const [layout, facts] = [readLayout(update)!, readUpdateFacts(update)!];
          stored.addStored(layout);
          decoded.add(facts);
          expect([layout.types, layout.items]).toEqual([facts.types, facts.items]);
        }
        expect(encodeStateVector(stored.clocks)).toEqual(encodeStateVector(decoded.clocks));
        expect(stored.deletes.encode()).toEqual(decoded.deletes.encode());
      }),
    );
  });
});

describe('what one client typed', () => {
  it('[HU3] fits where Yjs would leave nothing pending, and is a gap where it would', () => {
    let gaps = 0;
    fc.assert(
      fc.property(steps, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (one, kept) => {
        const known = new Knowledge();
        const doc = new Y.Doc({ gc: false });
        written(one, false).updates.forEach((update, at) => {
          const facts = readUpdateFacts(update)!;
          const fit = known.fit(facts);
          // Some never came: what builds on them is a gap.
          if (fit === 'gap') {
            gaps += 1;
            const apart = new Y.Doc({ gc: false });
            Y.applyUpdate(apart, Y.encodeStateAsUpdate(doc));
            Y.applyUpdate(apart, update);
            expect(apart.store.pendingStructs ?? apart.store.pendingDs).not.toBeNull();
          } else if (kept[at] !== false) {
            Y.applyUpdate(doc, update);
            expect(doc.store.pendingStructs ?? doc.store.pendingDs).toBeNull();
            known.add(facts);
          }
        });
      }),
    );
    expect(gaps).toBeGreaterThan(0);
  });

  it('[HU8] in a row is joined by the facts that were read of it when it came', () => {
    const doc = new Y.Doc();
    const contents: { update: Uint8Array; facts: NonNullable<ReturnType<typeof readUpdateFacts>> }[] = [];
    doc.on('update', (update: Uint8Array) => contents.push({ update, facts: readUpdateFacts(update)! }));
    for (let at = 0; at < 40; at += 1) {
      doc.getText('body').insert(at >> 1, at % 3 === 0 ? 'ab' : 'x');
      if (at % 9 === 8) doc.transact(() => (doc.getText('body').delete(0, 1), doc.getText('body').insert(3, 'new')));
    }
    const updates = contents.map(({ update }) => update);
    /** Null where one of them does not go on. */
    const joinTyped = (some: typeof contents): Uint8Array | null => {
      const run = new TypedRun();
      const log = new UpdateLog();
      return some.every(({ update, facts }) => run.add(facts, log.add(update))) ? run.join(log.bytes) : null;
    };
    expect(joinTyped(contents)).toEqual(joinUpdates(updates));
    expect(joinTyped(contents.slice(7))).toEqual(joinUpdates(updates.slice(7)));
    expect(joinTyped(contents.slice(0, 3))).toEqual(joinUpdates(updates.slice(0, 3)));
    // A hole, an order that is not theirs, somebody else: read as any other.
    expect(joinTyped([contents[0]!, contents[2]!])).toBeNull();
    expect(joinTyped([contents[1]!, contents[0]!])).toBeNull();
    const [other] = written([8], false).updates;
    expect(joinTyped([contents[0]!, { update: other!, facts: readUpdateFacts(other!)! }])).toBeNull();
  });
});
