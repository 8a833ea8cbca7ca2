// Shows that a link's memory comes back as it was, per workspace and hub, and that broken values count as never remembered.
import { describe, expect, it } from 'vitest';
import { StoredLinkMemory } from './link-memory.ts';
import { MemoryDocStore, MemoryMedium } from './memory-doc-store.ts';

const SPACE = { epoch: 'epoch', after: 3, heard: 9, lowWater: 7 };

describe('StoredLinkMemory', () => {
  it('[LP6] remembers spaces and rooms of each hub, over a restart', async () => {
    const medium = new MemoryMedium();
    const memory = new StoredLinkMemory(new MemoryDocStore(medium).values, 'w');
    expect(await memory.lastHub()).toBeNull();
    await memory.save('hub', {
      spaces: new Map([['s', SPACE]]),
      rooms: new Map([
        ['w/s/a', { held: 4, since: null }],
        ['w/s/b', { held: 0, since: 1_700_000_000_000 }],
      ]),
    });
    await memory.save('hub', { spaces: new Map(), rooms: new Map([['w/s/a', null]]) });
    const again = new StoredLinkMemory(new MemoryDocStore(medium).values, 'w');
    expect(await again.lastHub()).toBe('hub');
    expect(await again.load('hub')).toEqual({
      spaces: new Map([['s', SPACE]]),
      rooms: new Map([['w/s/b', { held: 0, since: 1_700_000_000_000 }]]),
    });
    expect(await again.load('other')).toEqual({ spaces: new Map(), rooms: new Map() });
    expect(await new StoredLinkMemory(new MemoryDocStore(medium).values, 'v').lastHub()).toBeNull();
  });

  it('[LP6] ignores what it cannot read, and refuses what a newer version wrote', async () => {
    const store = new MemoryDocStore();
    const memory = new StoredLinkMemory(store.values, 'w');
    await memory.save('hub', { spaces: new Map([['s', SPACE]]), rooms: new Map() });
    await store.values.write([{ area: 'link', key: 'w/hub/space/t', value: Uint8Array.of(1, 200) }]);
    expect([...(await memory.load('hub')).spaces.keys()]).toEqual(['s']);
    await store.values.write([{ area: 'link', key: 'w/hub/space/t', value: Uint8Array.of(2) }]);
    await expect(memory.load('hub')).rejects.toMatchObject({ code: 'too-new' });
  });
});
