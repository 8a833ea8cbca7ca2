// A hub of strangers: whoever writes under the id of somebody who is connected is told apart by what they say.
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bring, clockOf, emptied, relayHub, textAt, Window } from '../../tests/support/guarded-hub.ts';

describe('a hub of strangers', () => {
  test('[FC5] [CC4409] another meaning of clocks that it has is refused with 4409 and not acknowledged, whoever comes first', async () => {
    const relay = relayHub();
    const [a, b] = [new Y.Doc(), new Y.Doc()];
    for (const doc of [a, b]) doc.clientID = 77;
    a.getText('body').insert(0, 'mine');
    b.getText('body').insert(0, 'none of yours');
    expect(await bring(relay, Y.encodeStateAsUpdate(a), false)).toMatchObject({ kind: 'stored' });
    expect(await bring(relay, Y.encodeStateAsUpdate(a), true)).toMatchObject({ kind: 'unchanged' });
    expect(await bring(relay, Y.encodeStateAsUpdate(b), false)).toMatchObject({ kind: 'refused', code: 4409 });
    expect(await bring(relay, Y.encodeStateAsUpdate(b), true)).toMatchObject({ kind: 'refused', code: 4409 });
    expect(await textAt(relay)).toBe('mine');
  });

  test('[FC6] who came before the author cannot empty the clocks that the author is about to use', async () => {
    const relay = relayHub();
    const attacker = await Window.open(relay);
    const ana = await Window.open(relay);
    await ana.type('Hello');
    const forged = emptied(ana.doc.clientID, clockOf(ana.doc), 100);
    expect(await attacker.room.apply(forged, {}, 'socket')).toEqual({ kind: 'gap' });
    await ana.type(' world');
    expect(await textAt(relay)).toBe('Hello world');
    // Deletions of clocks that nobody has seen are a gap for everybody (HU3).
    const { clientID } = ana.doc;
    const number = Y.encodeStateVector(new Map([[clientID, 500]]));
    expect(
      await attacker.room.apply(Uint8Array.from([0, 1, ...number.slice(1, -2), 1, ...[100, 5]]), {}, 'socket'),
    ).toEqual({
      kind: 'gap',
    });
  });
});
