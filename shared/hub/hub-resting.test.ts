// Rooms at rest: one stored value each, whoever left them and however the hub ended; counted in merges, never in milliseconds.
import { describe, expect, test } from 'vitest';
import { editRoom, readRoom } from './edit-room.ts';
import { MemoryMedium, type MemoryDocStore } from './memory-doc-store.ts';
import { ANA, ROOM, open, start, textOf, until, writer } from '../../tests/support/started-hub.ts';

/** Tells which rooms were merged, in turn. */
function watched(store: MemoryDocStore): string[] {
  const merged: string[] = [];
  const compact = store.compact.bind(store);
  store.compact = (name, count, state) => {
    merged.push(name);
    return compact(name, count, state);
  };
  return merged;
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('[HU22] a room at rest is one stored value', () => {
  test('what was left with several updates is merged once nobody is in the way, and costs nothing afterwards', async () => {
    const { hub, store, clock } = start();
    const merged = watched(store);
    const names = ['ws/space/a', 'ws/space/b', 'ws/space/c'];
    for (const name of names) {
      for (const word of ['one ', 'two ', 'three '])
        await editRoom(hub, name, ANA, (doc) => doc.getText('body').insert(0, word));
    }
    // It came as one value, as in a first sync: nothing is gained.
    await editRoom(hub, ROOM, ANA, (doc) => doc.getText('body').insert(0, 'once'));
    clock.advance(10_000);
    await turns();
    expect(merged).toEqual([]);
    expect(hub.load.rooms).toBe(0);
    for (let step = 0; step < 15; step += 1) {
      clock.advance(2_000);
      await turns();
    }
    expect(merged).toEqual(names);
    for (const name of names) {
      expect((await store.load(name))?.tail).toEqual([]);
      expect(await readRoom(hub, name, ANA, (doc) => doc.getText('body').toJSON())).toBe('three two one ');
    }
    clock.advance(60_000);
    await turns();
    expect(merged).toEqual(names);
    expect([hub.load.rooms, clock.pending]).toEqual([0, 0]);
  });

  test('a few words behind a large document do not have all of it written anew; a part of it that counts does', async () => {
    const { hub, store, clock } = start();
    const merged = watched(store);
    const visit = async (text: string): Promise<void> => {
      await editRoom(hub, ROOM, ANA, (doc) => doc.getText('body').insert(0, text));
      for (let step = 0; step < 4; step += 1) {
        clock.advance(10_000);
        await turns();
      }
    };
    await visit('x'.repeat(2_000));
    await visit('y'.repeat(2_000));
    expect(merged).toHaveLength(1);
    for (let word = 0; word < 6; word += 1) await visit('a few words');
    expect(merged).toHaveLength(1);
    await visit('z'.repeat(1_000));
    expect(merged).toHaveLength(2);
  });

  test('a hub that ends merges what is left, what was open and what waited, as far as there is time', async () => {
    const medium = new MemoryMedium();
    const { hub, store, clock } = start(medium);
    const merged = watched(store);
    for (const word of ['one ', 'two '])
      await editRoom(hub, 'ws/space/waiting', ANA, (doc) => doc.getText('body').insert(0, word));
    clock.advance(10_000);
    await turns();
    const room = await open(hub);
    const ana = writer();
    for (const letter of 'abc') await room.apply(ana.type(letter), {});
    expect(merged).toEqual([]);
    await hub.close();
    expect(merged).toEqual([ROOM, 'ws/space/waiting']);
    const again = start(medium);
    expect((await again.store.load(ROOM))?.tail).toEqual([]);
    expect(textOf(await open(again.hub))).toBe('abc');

    const none = start(new MemoryMedium(), { mergeAtEnd: 0 });
    const late = watched(none.store);
    const left = await open(none.hub);
    for (const letter of 'abc') await left.apply(writer().type(letter), {});
    await none.hub.close();
    expect(late).toEqual([]);
  });

  test('who opens a room while it is merged at rest is served, and stays', async () => {
    const { hub, store, clock } = start();
    for (const word of ['one ', 'two ']) await editRoom(hub, ROOM, ANA, (doc) => doc.getText('body').insert(0, word));
    clock.advance(10_000);
    await turns();
    let letGo: () => void = () => undefined;
    let began = false;
    const compact = store.compact.bind(store);
    store.compact = async (name, count, state) => {
      began = true;
      await new Promise<void>((resolve) => (letGo = resolve));
      return compact(name, count, state);
    };
    clock.advance(15_000);
    await until(() => began);
    const room = await open(hub);
    expect(textOf(room)).toBe('two one ');
    await room.apply(writer().type('more '), {});
    letGo();
    store.compact = compact;
    await turns();
    expect([hub.load.rooms, hub.load.holders]).toEqual([1, 1]);
    expect(textOf(room)).toContain('more ');
    expect((await store.load(ROOM))?.tail).toHaveLength(1);
  });

  test('what cannot be merged is not tried again before somebody comes', async () => {
    const { hub, store, clock } = start();
    for (const word of ['one ', 'two ']) await editRoom(hub, ROOM, ANA, (doc) => doc.getText('body').insert(0, word));
    let tries = 0;
    store.compact = () => {
      tries += 1;
      return Promise.reject(new Error('the disk is full'));
    };
    for (let step = 0; step < 30; step += 1) {
      clock.advance(2_000);
      await turns();
    }
    expect(tries).toBe(1);
    expect(hub.load.rooms).toBe(0);
  });
});
