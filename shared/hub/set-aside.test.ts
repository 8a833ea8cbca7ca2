// A passage is read as it was kept, and as a version kept it that did not note what the room counted as empty.
import { expect, test } from 'vitest';
import { DeleteSet } from './delete-set.ts';
import { MemoryDocStore } from './memory-doc-store.ts';
import { SetAside } from './set-aside.ts';

const ROOM = 'team/space/page';

test('[FC3] what stood empty under the clocks of a passage is kept with it, and an earlier version’s row has none', async () => {
  const { values } = new MemoryDocStore();
  const opened = async (): Promise<SetAside> => {
    const aside = new SetAside(values, () => 1);
    await aside.load(0);
    return aside;
  };
  const emptied = new DeleteSet();
  emptied.add(7, [{ start: 3, end: 5 }]);
  const words = { room: ROOM, at: 0, moved: new Map([[7, [{ cut: 3, fresh: 9 }]]]), text: 'told' };
  const update = Uint8Array.of(0, 0);
  await (await opened()).keep({ ...words, update, emptied }, null, 'room');
  const [kept] = (await opened()).open('team');
  expect(kept).toMatchObject({ ...words, update });
  expect((await opened()).emptied(ROOM).covers(7, { start: 3, end: 5 })).toBe(true);

  const row = await values.get('aside', kept!.id);
  const noted = 1 + emptied.encode().length;
  await values.write([{ area: 'aside', key: kept!.id, value: row!.subarray(0, row!.length - noted) }]);
  const [older] = (await opened()).open('team');
  expect(older).toMatchObject({ ...words, update });
  expect(older!.emptied.clients.size).toBe(0);
});
