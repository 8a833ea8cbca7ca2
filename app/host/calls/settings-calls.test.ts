// Settings of this computer: bounds of history that hold at once, a name that others see, and what takes room.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCard } from '../../../shared/model/board/card-commands.ts';
import { addCardFiles, removeCardFile } from '../../../shared/model/board/card-file-commands.ts';
import { readBoard } from '../../../shared/model/board/read.ts';
import { bodyOf } from '../../../shared/model/document/roots.ts';
import { appendBlocks } from '../../../shared/model/page/write.ts';
import { HostBench, until } from '../../../tests/support/host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

describe('settings', () => {
  it('[X12] the bounds of history hold at once and after a restart, together with what the browser shell keeps', async () => {
    const folder = await bench.folder();
    const host = await bench.start(folder);
    expect(await host.call('settings.read', {})).toMatchObject({ historyDays: 0, historyBytes: 1024 ** 3 });
    await host.settings.setBrowserPort(4999);
    await host.call('settings.change', { historyDays: 30 });
    await host.call('settings.change', { historyBytes: 5_000_000 });
    expect(await host.call('history.totals', {})).toMatchObject({ days: 30, maxBytes: 5_000_000 });
    await bench.stop(host);
    const again = await bench.start(folder);
    expect(await again.call('settings.read', {})).toMatchObject({ historyDays: 30, historyBytes: 5_000_000 });
    expect(again.settings.browserPort).toBe(4999);
  });

  it('[X12] this computer has a name in my profile, in every workspace, and it can be changed', async () => {
    const host = await bench.start(await bench.folder());
    const one = await host.call('workspace.create', { title: 'One', name: 'Ana' });
    const two = await host.call('workspace.create', { title: 'Two', name: 'Ana' });
    const { deviceName } = await host.call('settings.read', {});
    const nameIn = async (workspace: string) => (await host.call('device.list', { workspace }))[0]?.name;
    await until('the computer has its name', async () => (await nameIn(two.id)) === deviceName);
    await host.call('settings.change', { deviceName: ' train laptop ' });
    for (const { id } of [one, two]) {
      expect(await host.call('device.list', { workspace: id })).toMatchObject([{ name: 'train laptop', me: true }]);
    }
    const [device] = await host.call('device.list', { workspace: one.id });
    await host.call('device.rename', { workspace: one.id, device: device!.id, name: 'desk' });
    expect(await nameIn(one.id)).toBe('desk');
    expect(await nameIn(two.id)).toBe('train laptop');
    await expect(host.call('device.rename', { workspace: one.id, device: 'x', name: 'y' })).rejects.toThrow(
      'own computers',
    );
    await expect(host.call('settings.change', { deviceName: '  ' })).rejects.toThrow('Nothing was changed');
  });

  it('[X12] says what takes room, and by what', async () => {
    const host = await bench.start(await bench.folder());
    await host.call('workspace.create', { title: 'One', name: 'Ana' });
    const use = await host.call('disk.use', {});
    expect(use.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['Documents', 'Members’ lists', 'Settings and keys']),
    );
    expect(use.every(({ bytes }) => bytes > 0)).toBe(true);
    expect(await host.call('keys.where', {})).toEqual({ kept: 'file', keyring: null, closed: null });
  });

  it('[X12][AT5][BD24] a purged page leaves its attachments, which are counted by themselves; one that another page shows or that a card has is not among them', async () => {
    const host = await bench.start(await bench.folder());
    const { id: workspace } = await host.call('workspace.create', { title: 'One', name: 'Ana' });
    const [space] = await host.call('space.list', { workspace });
    const pageWith = async (title: string, words: string) => {
      const { id } = await host.call('doc.create', { workspace, space: space!.id, kind: 'page', title, parent: null });
      const { upload } = await host.call('blob.begin', { workspace, space: space!.id, size: words.length });
      await host.call('blob.append', { upload, base64: Buffer.from(words).toString('base64') });
      const { blob, size } = await host.call('blob.finish', { upload });
      await host.parts.documents.edit(`${workspace}/${space!.id}/${id}`, (doc) => {
        appendBlocks(bodyOf(doc), [{ type: 'atom', kind: 'file', props: { blob, size, name: 'notes.txt', mime: '' } }]);
      });
      return { id, blob };
    };
    const used = async (what: string) => (await host.call('disk.use', {})).find((one) => one.what === what)?.bytes ?? 0;
    const shared = 'on both pages '.repeat(100);
    const gone = await pageWith('Gone', shared);
    await pageWith('Stays', shared);
    const alone = await pageWith('Gone as well', 'on one page '.repeat(100));
    await until('both are read', async () => (await used('Attachments that nothing shows')) === 0);
    const at = { workspace, space: space!.id };
    const board = await host.call('doc.create', { ...at, kind: 'board', title: 'Board', parent: null });
    const card = await host.parts.documents.edit(board.room, (doc) =>
      addCard(doc, { title: 'Card', column: readBoard(doc).columns[0]!.id, createdBy: 'ana', createdAt: 1 }),
    );
    const page = await host.call('card.page', { workspace, document: board.id, card });
    const onCard = await pageWith('Also gone', 'on a card '.repeat(100));
    const [file] = await host.parts.documents.edit(page.room, (doc) =>
      addCardFiles(doc, [{ name: 'notes.txt', blob: onCard.blob, mime: '', size: 1_000 }], { by: 'ana', at: 1 }),
    );
    for (const { id } of [gone, alone, onCard]) await host.call('doc.purge', { workspace, document: id });
    // Read in the background, one document after the other: 1,200 bytes are counted as soon as the first page is gone.
    const facts = () => host.call('board.facts', { workspace, document: board.id });
    await until('the card is read', async () => (await facts())[card] !== undefined);
    expect(await facts()).toEqual({ [card]: { comments: 0, attachments: 1, described: false } });
    await until('it is counted', async () => (await used('Attachments that nothing shows')) === 1_200);
    expect(await used('Attachments')).toBeGreaterThanOrEqual(2_400);
    await host.parts.documents.edit(page.room, (doc) => removeCardFile(doc, file!, { by: 'ana', at: 2 }));
    await until('that one is counted', async () => (await used('Attachments that nothing shows')) === 2_200);
    expect((await host.openBlob(workspace, space!.id, alone.blob))?.size).toBe(1_200);
  });
});
