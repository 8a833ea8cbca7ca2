// What is said to be built is what Yjs builds, whatever somebody emptied ahead; and words are put back beside nothing else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { builtStructs } from './built-structs.ts';
import { placedWords } from './placed-words.ts';
import { isEmpty, isItemAt, readStructs, writeUpdate, type StructPart } from './struct-lists.ts';

/** Three who type into a text, and into texts within a map that they also remove. */
function written(steps: readonly number[]): Y.Doc {
  const docs = [3, 2, 1].map((client) => {
    const doc = new Y.Doc({ gc: false });
    doc.clientID = client;
    return doc;
  });
  for (const doc of docs) {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'other') for (const other of docs) if (other !== doc) Y.applyUpdate(other, update, 'other');
    });
  }
  for (const step of steps) {
    const doc = docs[step % 3]!;
    const cells = doc.getMap<Y.Text>('cells');
    const cell = cells.get(`${step % 2}`);
    const text = step % 5 < 2 && cell ? cell : doc.getText('body');
    if (step % 7 === 6) cells.set(`${step % 2}`, new Y.Text('in'));
    else if (step % 11 === 10) cells.delete(`${step % 2}`);
    else if (step % 4 === 3 && text.length > 0) text.delete(step % text.length, 1);
    else text.insert(step % (text.length + 1), 'word');
  }
  return docs[0]!;
}

/** What stands in a type that is there, by client and clock. */
function standing(doc: Y.Doc): string[] {
  return [...doc.store.clients].flatMap(([client, structs]) =>
    structs.flatMap((struct) => {
      if (!(struct instanceof Y.Item)) return [];
      for (let home = struct.parent as Y.AbstractType<unknown>; home._item; home = home._item.parent as never) {
        if (home._item.deleted) return [];
      }
      return Array.from({ length: struct.length }, (_, at) => `${client}@${struct.id.clock + at}`);
    }),
  );
}

const clocksOf = (client: number, part: StructPart): string[] =>
  isEmpty(part) && !(part.struct instanceof Y.Item)
    ? []
    : Array.from({ length: part.end - part.start }, (_, at) => `${client}@${part.start + at}`);

describe('[FC7] what readers build', () => {
  test('is what Yjs builds of the same bytes, where any structs are empty', () => {
    let dropped = 0;
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 10_000 }), { maxLength: 40 }), fc.nat({ max: 12 }), (steps, every) => {
        const { structs, deletes } = readStructs([Y.encodeStateAsUpdate(written(steps))]);
        const forged = new Map(
          [...structs].map(([client, parts]) => [
            client,
            parts.map((part, at): StructPart => {
              const { start, end } = part;
              const empty = (at + client) % (every + 2) === 1;
              return empty ? { struct: new Y.GC(Y.createID(client, start), end - start), start, end } : part;
            }),
          ]),
        );
        const doc = new Y.Doc({ gc: false });
        Y.applyUpdate(doc, writeUpdate(forged, deletes));
        expect(doc.store.pendingStructs).toBeNull();
        const built = builtStructs({ structs: forged, deletes });
        const found = [...built].flatMap(([client, parts]) => parts.flatMap((part) => clocksOf(client, part)));
        expect(found.sort()).toEqual(standing(doc).sort());
        const bytes = [...forged].flatMap(([client, parts]) => parts.flatMap((part) => clocksOf(client, part)));
        dropped += bytes.length - found.length;
      }),
    );
    expect(dropped).toBeGreaterThan(100);
  });

  test('a long text that stands beside nothing is walked without a call for each letter', () => {
    const doc = new Y.Doc();
    doc.clientID = 5;
    // Each beside the one before it in writing, and none of them one run.
    doc.transact(() => {
      for (let at = 0; at < 20_000; at += 1) doc.getText('body').insert(at >> 1, 'x');
    });
    const forgery = Uint8Array.of(1, 1, 5, 0, 0, 1, 0);
    const { structs, deletes } = readStructs([forgery, Y.encodeStateAsUpdate(doc)]);
    expect(isItemAt(structs, { client: 5, clock: 19_999 })).toBe(true);
    expect(isItemAt(builtStructs({ structs, deletes }), { client: 5, clock: 19_999 })).toBe(false);
  });

  // A relay held a word whose left neighbour a forger had emptied ahead. It was whole in the bytes: words that went aside were put
  // back beside it, counted as put back, and were in nobody's document.
  test('words are not put beside a word that nobody has', () => {
    const [author, other] = [new Y.Doc(), new Y.Doc()];
    author.clientID = 1;
    author.getText('body').insert(0, 'ab');
    other.clientID = 2;
    Y.applyUpdate(other, Y.encodeStateAsUpdate(author));
    other.getText('body').insert(2, 'c');
    const words = readStructs([Y.encodeStateAsUpdate(other, Y.encodeStateVector(author))]).structs;
    const whole = Y.encodeStateAsUpdate(author);
    const room = readStructs([Uint8Array.of(1, 1, 1, 0, 0, 1, 0), whole]);
    expect(isItemAt(room.structs, { client: 1, clock: 1 })).toBe(true);
    expect(placedWords(words, builtStructs(room), [])).toBeNull();
    expect(placedWords(words, builtStructs(readStructs([whole])), [])).toEqual(words);
  });
});
