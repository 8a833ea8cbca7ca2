// Attachments between hosts and a relay process: offline, interrupted, moved, wiped, full; the bytes arrive whole, and the truths say so.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { attachmentWords } from '../../app/contract/attachment-words.ts';
import { dataFolderAt } from '../../app/host/data-folder.ts';
import { restoreHost } from '../../app/host/host-backup.ts';
import type { Host } from '../../app/host/host.ts';
import { backup, repair, restore, verify } from '../../server/upkeep.ts';
import { addCardFiles } from '../../shared/model/board/card-file-commands.ts';
import { addCard } from '../../shared/model/board/card-commands.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { AccessTeam } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';

let bundle: RelayBundle;
let bench: HostBench;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

interface Added {
  readonly blob: string;
  readonly size: number;
}

async function upload(team: AccessTeam, host: Host, bytes: Uint8Array, space = team.space): Promise<Added> {
  const { upload: id } = await host.call('blob.begin', { workspace: team.workspace, space, size: bytes.length });
  for (let at = 0; at < bytes.length; at += 1_000_000) {
    const base64 = Buffer.from(bytes.slice(at, at + 1_000_000)).toString('base64');
    await host.call('blob.append', { upload: id, base64 });
  }
  return host.call('blob.finish', { upload: id });
}

/** As a window adds a file: in pieces, and then a marker in the page. */
async function add(team: AccessTeam, host: Host, page: string, bytes: Uint8Array, space = team.space): Promise<Added> {
  const { workspace } = team;
  const added = await upload(team, host, bytes, space);
  await host.parts.documents.edit(`${workspace}/${space}/${page}`, (doc) => {
    const marker = { id: randomId(), kind: 'file', ...added, name: 'notes.bin', mime: 'application/octet-stream' };
    doc.getText('body').insertEmbed(0, new Y.Map(Object.entries(marker)));
  });
  return added;
}

async function bytesAt(team: AccessTeam, host: Host, blob: string, space = team.space): Promise<Buffer | null> {
  const open = await host.openBlob(team.workspace, space, blob);
  if (!open) return null;
  const parts: Uint8Array[] = [];
  for await (const part of open.read(0, open.size)) parts.push(part);
  return Buffer.concat(parts);
}

async function untilHere(team: AccessTeam, host: Host, blob: string, space = team.space): Promise<void> {
  const at = { workspace: team.workspace, space, blobs: [blob] };
  await until('the attachment is here', async () => (await host.call('blob.state', at))[0]?.state === 'here', 40_000);
}

const truthOf = async (team: AccessTeam, host: Host) =>
  (await host.call('workspace.truths', { workspace: team.workspace })).attachments;

function partialBytes(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath.endsWith('partial'))
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  } catch {
    return 0; // A file that just got its name.
  }
}

test('[W7] [X8] [BD24] a file added while the relay is away is only here, in every truth, and reaches the other when it is back; one on a card as one on a page', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace } = team;
  const bo = await team.join('Bo');
  const page = await team.page(ana, team.space, 'Plan');
  await team.untilTitles(bo, 'Plan');
  await team.relay.end('SIGKILL');
  const bytes = randomBytes(300_000);
  const { blob } = await add(team, ana, page, bytes);
  expect(await bytesAt(team, ana, blob)).toEqual(bytes);
  await until('it is said to wait', async () => (await truthOf(team, ana)).waiting === 1);
  expect(attachmentWords(await truthOf(team, ana))).toMatch(/^1 here, 293 kB; 1 of them waits for the relay, 293 kB; /);
  await until('its page is said to wait with it', async () => {
    const { outbox } = await ana.call('workspace.truths', { workspace });
    return outbox.find((entry) => entry.id === page)?.files === 1;
  });
  const board = await ana.call('doc.create', { workspace, space: team.space, kind: 'board', title: 'B', parent: null });
  const card = await ana.parts.documents.edit(board.room, (doc) =>
    addCard(doc, { title: 'Card', column: readBoard(doc).columns[0]!.id, createdBy: 'ana', createdAt: 1 }),
  );
  const own = await ana.call('card.page', { workspace, document: board.id, card });
  const onCard = await upload(team, ana, randomBytes(70_000));
  await ana.parts.documents.edit(own.room, (doc) =>
    addCardFiles(doc, [{ name: 'photo.bin', mime: '', ...onCard }], { by: 'ana', at: 1 }),
  );
  await until('its card is said to wait with it', async () => {
    const { outbox } = await ana.call('workspace.truths', { workspace });
    return outbox.find((entry) => entry.id === card)?.files === 1;
  });
  expect(await bytesAt(team, bo, blob)).toBeNull();

  await team.startRelay();
  await untilHere(team, bo, blob);
  expect(await bytesAt(team, bo, blob)).toEqual(bytes);
  await untilHere(team, bo, onCard.blob);
  // Bo may have it before the relay's answer is noted at Ana's.
  expect(await ana.call('sync.wait', { workspace, timeout: 20_000 })).toMatchObject({ done: true });
  expect((await ana.call('blob.state', { workspace, space: team.space, blobs: [blob] }))[0]).toMatchObject({
    state: 'here',
    onRelay: true,
  });
  expect(await truthOf(team, ana)).toMatchObject({ waiting: 0, missing: 0, trouble: null });
  expect((await ana.call('workspace.truths', { workspace })).outbox).toEqual([]);
});

test(
  '[W7] [BL4] bringing and fetching go on where they were after a kill of the relay and an end of the host',
  { timeout: 120_000 },
  async () => {
    const team = await AccessTeam.make(bench, bundle);
    let { ana } = team as { ana: Host };
    let bo = await team.join('Bo');
    const page = await team.page(ana, team.space, 'Film');
    await team.untilTitles(bo, 'Film');
    const bytes = randomBytes(LIMITS.blobChunk * 40 + 1);
    const { blob } = await add(team, ana, page, bytes);
    const atRelay = join(team.relayFolder, 'blobs');
    await until('some of it is at the relay', () => partialBytes(atRelay) > LIMITS.blobChunk * 2);
    await team.relay.end('SIGKILL');
    const before = partialBytes(atRelay);
    expect(before).toBeLessThan(bytes.length);
    ana = await team.restart(ana);
    await team.startRelay();
    const atBo = join(bo.folder.blobs, team.workspace);
    await until('some of it is at Bo', () => partialBytes(atBo) > LIMITS.blobChunk * 2, 60_000);
    bo = await team.restart(bo);
    await untilHere(team, bo, blob);
    expect((await bytesAt(team, bo, blob))?.equals(bytes)).toBe(true);
    await ana.call('sync.wait', { workspace: team.workspace, timeout: 20_000 });
    expect(partialBytes(atRelay)).toBe(0);
  },
);

test('[W7] a document that moves to another space takes its attachments along, and nobody else gets them', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace } = team;
  const closed = await ana.call('space.create', { workspace, name: 'Closed', visibility: 'invited' });
  const bo = await team.join('Bo', { role: 'guest', spaces: [{ space: team.space, role: 'guest' }] });
  const page = await team.page(ana, closed.id, 'Moves');
  const other = await team.page(ana, closed.id, 'Stays');
  const [moved, stays] = [randomBytes(1_000), randomBytes(1_000)];
  const one = await add(team, ana, page, moved, closed.id);
  const two = await add(team, ana, other, stays, closed.id);
  await ana.call('sync.wait', { workspace, timeout: 20_000 });
  await ana.call('doc.transfer', { workspace, document: page, space: team.space });
  await untilHere(team, bo, one.blob);
  expect(await bytesAt(team, bo, one.blob)).toEqual(moved);
  expect(await bytesAt(team, bo, one.blob, closed.id)).toBeNull();
  expect(await bytesAt(team, bo, two.blob)).toBeNull();
  expect(await bytesAt(team, ana, two.blob, closed.id)).toEqual(stays);
  expect(await bytesAt(team, ana, two.blob)).toBeNull();
});

test('[D10] [BL7] a relay that lost its attachments is filled again by who has them', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace } = team;
  const page = await team.page(ana, team.space, 'Plan');
  const bytes = randomBytes(5_000);
  const { blob } = await add(team, ana, page, bytes);
  await ana.call('sync.wait', { workspace, timeout: 20_000 });
  expect((await truthOf(team, ana)).waiting).toBe(0);
  await team.relay.end('SIGTERM');
  rmSync(join(team.relayFolder, 'blobs'), { recursive: true });
  await team.startRelay();
  const bo = await team.join('Bo');
  await untilHere(team, bo, blob);
  expect(await bytesAt(team, bo, blob)).toEqual(bytes);
});

test('[X10] [BL6] what the relay has no room for is said in its words, stays here, and goes when there is room', async () => {
  const team = await AccessTeam.make(bench, bundle);
  let { ana } = team as { ana: Host };
  const { workspace } = team;
  const page = await team.page(ana, team.space, 'Plan');
  await ana.call('sync.wait', { workspace, timeout: 20_000 });
  await team.relay.end('SIGTERM');
  await team.startRelay('--blob-bytes', '1000');
  const { blob } = await add(team, ana, page, randomBytes(5_000));
  await until('the reason is said', async () => (await truthOf(team, ana)).trouble !== null);
  expect((await truthOf(team, ana)).trouble).toMatch(/fill their part of the relay.*kept on your computer/);
  await team.relay.end('SIGTERM');
  await team.startRelay();
  ana = await team.restart(ana);
  await until('it is there', async () => (await truthOf(team, ana)).waiting === 0);
  expect((await ana.call('blob.state', { workspace, space: team.space, blobs: [blob] }))[0]).toMatchObject({
    onRelay: true,
  });
});

test('[W7] [AT7] of a file that is not here it is said who has it: whose computer put it there, when that was last seen, and what the relay said', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  const bo = await team.join('Bo');
  const page = await team.page(ana, space, 'Plan');
  await team.untilTitles(bo, 'Plan');
  await bo.call('device.rename', { workspace, device: bo.parts.device.id, name: 'Laptop' });
  // Text goes, bytes have no room: the page says so much of the file and no more.
  await team.relay.end('SIGKILL');
  await team.startRelay('--blob-bytes', '1000');
  const { blob } = await add(team, bo, page, randomBytes(300_000));
  // A command's session goes on for minutes where its computer was linked by then; it is passed on once it is cut.
  await bo.parts.history.cut([`${workspace}/${space}/${page}`]);
  const who = () => ana.call('blob.holders', { workspace, space, blob });
  const wanted = { device: bo.parts.device.id, deviceName: 'Laptop', member: team.member(bo), name: 'Bo' };
  await until('the relay was asked and has not got it', async () => (await who()).relay === 'absent', 40_000);
  // Names come with the profile, and the session behind the words.
  await until('it is told whose computer has it', async () => (await who()).added?.deviceName === 'Laptop', 40_000);
  expect((await who()).added).toMatchObject(wanted);
  await until('when that was last seen is told as well', async () => ((await who()).added?.seen ?? 0) > 0, 40_000);
  await bench.stop(bo);
  expect((await who()).added).toMatchObject(wanted);
  expect(await ana.call('blob.holders', { workspace, space, blob: 'f'.repeat(64) })).toMatchObject({ added: null });
  await expect(ana.call('blob.holders', { workspace, space: 'nowhere', blob })).rejects.toThrow('not here');

  await team.relay.end('SIGKILL');
  await team.startRelay();
  const again = await team.restart(bo);
  await untilHere(team, ana, blob);
  expect(await bytesAt(team, again, blob)).toEqual(await bytesAt(team, ana, blob));
});

test('[X10] a file that is too large, or of whom may not add, is refused in words and leaves nothing', async () => {
  const team = await AccessTeam.make(bench, bundle);
  const { ana, workspace, space } = team;
  await expect(ana.call('blob.begin', { workspace, space, size: LIMITS.blob + 1 })).rejects.toMatchObject({
    code: 'too-large',
  });
  const { upload } = await ana.call('blob.begin', { workspace, space, size: 3 });
  await expect(ana.call('blob.append', { upload, base64: 'AAAAAAAA' })).rejects.toMatchObject({ code: 'bad-input' });
  await expect(ana.call('blob.finish', { upload })).rejects.toMatchObject({ code: 'not-found' });
  const short = await ana.call('blob.begin', { workspace, space, size: 3 });
  await expect(ana.call('blob.finish', short)).rejects.toMatchObject({ code: 'bad-input' });
  const vi = await team.join('Vi', { role: 'viewer' });
  await expect(vi.call('blob.begin', { workspace, space, size: 3 })).rejects.toMatchObject({ code: 'not-allowed' });
  expect(await ana.parts.blobs.usage(workspace)).toEqual({ blobs: 0, bytes: 0, partialBytes: 0 });
});

test('[X14] [BS11] a backup of a data folder holds its attachments, and a restored one shows them without a relay', async () => {
  const folder = await bench.folder();
  const ana = await bench.start(folder);
  const { id: workspace } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const space = (await ana.call('space.list', { workspace }))[0]!.id;
  const bytes = randomBytes(70_000);
  const { upload } = await ana.call('blob.begin', { workspace, space, size: bytes.length });
  await ana.call('blob.append', { upload, base64: bytes.toString('base64') });
  const { blob } = await ana.call('blob.finish', { upload });
  const target = join(await bench.folder(), 'copy');
  await ana.call('backup', { directory: target });
  await bench.stop(ana);
  const other = join(await bench.folder(), 'data');
  await restoreHost(dataFolderAt(other), target, new Date());
  const again = await bench.start(other);
  const open = await again.openBlob(workspace, space, blob);
  const parts: Uint8Array[] = [];
  for await (const part of open!.read(0, open!.size)) parts.push(part);
  expect(Buffer.concat(parts).equals(bytes)).toBe(true);
  // Bytes that are gone from the folder are not said to be here.
  await bench.stop(again);
  rmSync(join(other, 'blobs', workspace), { recursive: true });
  const poor = await bench.start(other);
  await until('it is not said to be here', async () => {
    const [state] = await poor.call('blob.state', { workspace, space, blobs: [blob] });
    return state?.state === 'absent';
  });
});

test(
  '[BS11] [BS12] a relay finds a rotten attachment, sets it aside, gets it back from who has it, and its backup holds it',
  { timeout: 120_000 },
  async () => {
    const team = await AccessTeam.make(bench, bundle);
    const { ana, workspace } = team;
    const page = await team.page(ana, team.space, 'Plan');
    const bytes = randomBytes(9_000);
    const { blob } = await add(team, ana, page, bytes);
    await ana.call('sync.wait', { workspace, timeout: 20_000 });
    await team.relay.end('SIGTERM');
    const file = join(team.relayFolder, 'blobs', workspace, blob.slice(0, 2), blob);
    const rotten = readFileSync(file);
    rotten[17] = (rotten[17] ?? 0) ^ 4;
    writeFileSync(file, rotten);
    const found = await verify(team.relayFolder);
    expect([found.well, found.lines.join()]).toMatchObject([false, expect.stringContaining(`${workspace}/${blob}`)]);
    expect((await repair(team.relayFolder, new Date())).well).toBe(true);
    expect((await verify(team.relayFolder)).well).toBe(true);
    await team.startRelay();
    const bo = await team.join('Bo');
    await untilHere(team, bo, blob);
    await team.relay.end('SIGTERM');
    const [copy, fresh] = [join(await bench.folder(), 'copy'), join(await bench.folder(), 'relay')];
    await backup(team.relayFolder, copy, new Date());
    await restore(fresh, copy);
    expect(readFileSync(join(fresh, 'blobs', workspace, blob.slice(0, 2), blob)).equals(bytes)).toBe(true);
    expect((await verify(fresh)).well).toBe(true);
  },
);
