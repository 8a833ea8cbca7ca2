// Shows that places in other hubs' history come back from the store by hub and workspace, and that bytes of others do no harm.
import { describe, expect, it } from 'vitest';
import { MemoryDocStore } from './memory-doc-store.ts';
import { StoredSegmentMemory } from './segment-memory.ts';

describe('[SW6] remembered places in other hubs’ history', () => {
  const place = { epoch: 'epoch', after: 12, tag: 'ab'.repeat(32), denied: false };

  it('come back by hub and workspace, and are forgotten one by one', async () => {
    const { values } = new MemoryDocStore();
    const memory = new StoredSegmentMemory(values, 'workspace');
    await memory.save(
      'hub',
      new Map([
        ['one', place],
        ['two', { ...place, after: 3, denied: true }],
      ]),
    );
    expect(await new StoredSegmentMemory(values, 'workspace').load('hub')).toEqual(
      new Map([
        ['one', place],
        ['two', { ...place, after: 3, denied: true }],
      ]),
    );
    expect((await memory.load('other')).size).toBe(0);
    expect((await new StoredSegmentMemory(values, 'other').load('hub')).size).toBe(0);
    await memory.save('hub', new Map([['one', null]]));
    expect([...(await memory.load('hub')).keys()]).toEqual(['two']);
  });

  it('of an earlier version come back as they are: nothing was said of what was passed over', async () => {
    const { values } = new MemoryDocStore();
    const text = (value: string): number[] => [value.length, ...new TextEncoder().encode(value)];
    const value = Uint8Array.of(1, ...text('epoch'), 12, ...text('ab'.repeat(32)));
    await values.write([{ area: 'link', key: 'workspace/hub/history/one', value }]);
    expect(await new StoredSegmentMemory(values, 'workspace').load('hub')).toEqual(new Map([['one', place]]));
  });

  it('count as never remembered when they cannot be read', async () => {
    const { values } = new MemoryDocStore();
    const key = 'workspace/hub/history/one';
    for (const value of [Uint8Array.of(), Uint8Array.of(1, 200), Uint8Array.of(9, 1, 65, 1, 1, 65)]) {
      await values.write([{ area: 'link', key, value }]);
      expect((await new StoredSegmentMemory(values, 'workspace').load('hub')).size).toBe(0);
    }
  });
});
