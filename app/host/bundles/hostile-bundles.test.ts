// Files that are no bundle of ours, or not for us, or made to do harm: each is refused with a reason, and nothing is changed by it.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createDeviceKey } from '../../../shared/access/device-key.ts';
import { signHead } from '../../../shared/access/log-head.ts';
import { signRecord } from '../../../shared/access/membership-log.ts';
import { AppError } from '../../../shared/base/app-error.ts';
import { fromBase64url } from '../../../shared/base/encoding.ts';
import { encodeSegmentBody, joinSignature } from '../../../shared/hub/history/segment.ts';
import { RoomBytes } from '../../../shared/hub/room-bytes.ts';
import { profileRoom } from '../../../shared/model/profile/profile.ts';
import { BundleTeam, keptBy, restingAt, type Forgery } from '../../../tests/support/bundle-team.ts';
import { endedJob, HostBench } from '../../../tests/support/host.ts';
import type { OfflineMember } from '../../../tests/support/offline-team.ts';
import type { Entry, RoomPart } from './bundle-entries.ts';
import type { Opening } from './bundle-header.ts';
import { BUNDLE_LIMITS } from './bundle-limits.ts';

let bench: HostBench;
let bundles: BundleTeam;
let bo: OfflineMember;
let workspace: string;
beforeEach(async () => {
  bench = new HostBench();
  bundles = await BundleTeam.make(bench);
  bo = await bundles.team.join({ name: 'Bo' });
  ({ workspace } = bundles.team);
});
afterEach(() => bench.dispose());

/** Bo reads each; what it is told must say this, and nothing is changed. */
async function refused(files: readonly (readonly [string, RegExp])[]): Promise<void> {
  const before = await restingAt(bo.host, workspace);
  for (const [file, reason] of files) {
    const said = await bundles.read(bo.host, file).then(
      () => 'taken',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect([file, said]).toEqual([file, expect.stringMatching(reason)]);
    expect(said).toContain('Nothing was changed.');
  }
  expect(await keptBy(bo.host, workspace)).toBe(before);
}

async function given(bytes: Uint8Array): Promise<string> {
  const place = bundles.place;
  await writeFile(place, bytes);
  return place;
}

const DAMAGED = /cut off or changed/;
const NONE = /no bundle of Caravan/;

async function longBundle(): Promise<Uint8Array> {
  const { host } = bundles.team.ana;
  const { room } = await bundles.page(host, 'Long');
  // Letters that are not packed away: three sealed pieces and more.
  const letters = Array.from({ length: 50_000 }, (_, at) => ((at * 7919) % 46_656).toString(36)).join(' ');
  await host.parts.documents.edit(room, (doc) => doc.getText('body').insert(0, letters));
  return new Uint8Array(await readFile(await bundles.write(host, { kind: 'member', member: bo.member })));
}

function forgery(
  entries: readonly Entry[],
  more: Partial<Omit<Forgery, 'about'>> & { about?: Partial<Forgery['about']> } = {},
): Forgery {
  const { key } = bundles.team.ana;
  const { about, ...rest } = more;
  return {
    entries,
    to: [bo.key.publicKey],
    device: bo.key.id,
    signer: key,
    ...rest,
    about: {
      ...{ v: 1, workspace, writer: key.id, hub: 'another-hub', at: 1_000, to: { kind: 'all' }, since: false },
      ...inOrder(),
      ...about,
    },
  };
}

/** As Ana's computer puts them. */
function inOrder(): { readonly ordered: number; readonly word: string } {
  const { certified } = bundles.team.ana.host.parts.workspaces.get(workspace).log;
  return { ordered: certified.length, word: certified.word };
}

function records(): Entry[] {
  const { log } = bundles.team.ana.host.parts.workspaces.get(workspace);
  return log.records.map((text) => ({ kind: 'record', text }));
}

function roomOf(update: Uint8Array, room = `${workspace}/${bundles.team.space}/forged`): Entry {
  const part: RoomPart = { room, digest: new Uint8Array(16), vector: new Uint8Array([0]), sittings: [], update };
  return { kind: 'room', part };
}

function words(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('body').insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

describe('hostile bundles', { timeout: 60_000 }, () => {
  it('[D8] [BU1] [BU5] what is no bundle, is newer, cut off, longer, out of order, or has one byte flipped anywhere', async () => {
    const whole = await longBundle();
    const newer = whole.slice();
    newer[8] = 2;
    const header = whole.indexOf(0x1a); // Somewhere in front.
    expect(header).toBeGreaterThan(0);
    const step = BUNDLE_LIMITS.chunk + 16;
    const start = whole.length - Math.floor(whole.length / step) * step;
    const swapped = whole.slice();
    // The first piece begins behind the header, whose length stands in front of it.
    const first = 13 + new DataView(whole.buffer, whole.byteOffset).getUint32(9) + 32;
    swapped.set(whole.subarray(first, first + step), first + step);
    swapped.set(whole.subarray(first + step, first + 2 * step), first);
    expect(start).toBeGreaterThan(0);
    await refused([
      [await given(new Uint8Array()), NONE],
      [await given(Buffer.from('PK\u0003\u0004 a ZIP file of zeros')), NONE],
      [await given(Buffer.from('# A page\n')), NONE],
      [await given(newer), /newer version.*Update Caravan/],
      [await given(swapped), DAMAGED],
      [await given(Buffer.concat([whole, new Uint8Array(1)])), DAMAGED],
      [await given(Buffer.concat([whole, whole.subarray(first, first + step)])), DAMAGED],
      ...(await Promise.all(
        [8, 12, 40, first, first + 1, first + step, first + 2 * step, whole.length - 1].map(
          async (length) => [await given(whole.subarray(0, length)), DAMAGED] as const,
        ),
      )),
    ]);
    const places = [...Array.from({ length: first }, (_, at) => at).filter((at) => at % 7 === 0)];
    for (let at = first; at < whole.length; at += 9_973) places.push(at);
    places.push(whole.length - 1, first, first + step - 1, first + step);
    const flipped = await Promise.all(
      places.map(async (at) => {
        const bytes = whole.slice();
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
        return [await given(bytes), at < 8 ? NONE : at === 8 ? /newer version|cut off/ : DAMAGED] as const;
      }),
    );
    expect(flipped.length).toBeGreaterThan(60);
    await refused(flipped);
    // Untouched it is taken.
    expect((await bundles.read(bo.host, await given(whole))).taken?.documents).toBeGreaterThan(0);
  });

  it('[D8] [BU3] [BU4] for somebody else, of another workspace, and with a passphrase', async () => {
    const cy = await bundles.team.join({ name: 'Cy' });
    const { host } = bundles.team.ana;
    const other = await BundleTeam.make(bench);
    await other.team.join({ name: 'Dan' });
    const secret = 'four words and a half';
    const sealed = await bundles.write(host, { kind: 'all' }, { passphrase: secret });
    const dear: Opening = {
      ...{ kind: 'passphrase', salt: new Uint8Array(16), cost: 30, parallel: 1, sealed: new Uint8Array(48) },
    };
    await refused([
      [await bundles.write(host, { kind: 'member', member: cy.member }), /sealed for other computers/],
      [await other.write(other.team.ana.host, { kind: 'all' }), /workspace that is not on this computer/],
      [sealed, /sealed with a passphrase/],
      [await bundles.forge(forgery([], { opening: dear })), DAMAGED],
      [await bundles.forge(forgery([], { opening: { ...dear, cost: 14, parallel: 1_000_000 } })), DAMAGED],
    ]);
    await expect(bundles.read(bo.host, sealed, { passphrase: 'four words and a halt' })).rejects.toThrow(
      /not the passphrase.*Nothing was changed/,
    );
    expect((await bundles.read(bo.host, sealed, { passphrase: secret })).taken?.records).toBe(2);
    await expect(bundles.write(host, { kind: 'all' }, { passphrase: 'short' })).rejects.toThrow(/at least 10/);
  });

  it('[D8] [BU6] [BU7] [BU9] lies inside the seal: names, lengths, numbers, order, a signature of somebody else', async () => {
    const stranger = await createDeviceKey();
    const { key } = bundles.team.ana;
    const good = records();
    const bytes = words('forged');
    const blob: Entry = { kind: 'blob', blob: '0'.repeat(64), size: 10, spaces: ['any'] };
    const lies: readonly (readonly [Forgery, RegExp])[] = [
      [forgery([...good, roomOf(bytes)], { signer: stranger }), /signature of this bundle does not hold/],
      [forgery([...good, roomOf(bytes)], { signer: bo.key }), /signature of this bundle does not hold/],
      [forgery(good, { signer: stranger, about: { writer: stranger.id } }), /not known here/],
      [forgery([...good, roomOf(bytes), roomOf(bytes)]), DAMAGED],
      [forgery([roomOf(bytes), ...good]), DAMAGED],
      [forgery([...good, roomOf(bytes, `${workspace}/../../etc/passwd`)]), DAMAGED],
      [forgery([...good, roomOf(bytes, `${workspace}/a/..`)]), DAMAGED],
      [forgery([...good, { ...blob, spaces: ['../..'] }]), DAMAGED],
      [forgery([...good, { ...blob, spaces: [] }]), DAMAGED],
      [forgery([...good, { ...blob, size: 2 ** 50 }]), DAMAGED],
      [forgery([...good, blob, { kind: 'piece', bytes: new Uint8Array(11) }]), DAMAGED],
      [forgery([...good, blob]), DAMAGED],
      [forgery([...good, { kind: 'piece', bytes: new Uint8Array(1) }]), DAMAGED],
      [forgery(Array.from({ length: 100_001 }, () => ({ kind: 'record', text: '' }) as const)), DAMAGED],
      [forgery([{ kind: 'record', text: 'x'.repeat(9_000) }]), DAMAGED],
      [forgery([...good, { kind: 'end', signature: new Uint8Array(64) }]), /signature of this bundle does not hold/],
    ];
    await refused(await Promise.all(lies.map(async ([lie, reason]) => [await bundles.forge(lie), reason] as const)));
    expect(key.id).not.toBe(stranger.id);
  });

  it('[D8] [BU7] another history of the members, and a writer who was taken out by now', async () => {
    const cy = await bundles.team.join({ name: 'Cy' });
    const { log } = bundles.team.ana.host.parts.workspaces.get(workspace);
    const { host: anas } = bundles.team.ana;
    const written = await bundles.write(cy.host, { kind: 'member', member: bo.member });
    const [first = ''] = log.records;
    const { records: mine } = bo.host.parts.workspaces.get(workspace).log;
    // Two records in one place: the second is of Ana as well.
    const body = { verb: 'space.create', space: 'another-space-of-anas', visibility: 'open' } as const;
    const forked = await signRecord(bundles.team.ana.key, {
      ...{ version: 2, previous: bo.host.parts.workspaces.get(workspace).log.entries.at(-2)?.hash ?? '', body, at: 1 },
    } as never);
    expect(mine[0]).toBe(first);
    const fork = [...mine.slice(0, -1), forked].map((text) => ({ kind: 'record', text }) as const);
    const { length } = log.records;
    const byCy = await signHead(cy.key, { workspace, length, head: log.membership.head, at: 1 });
    await refused([
      [
        await bundles.forge(forgery(fork, { about: { ordered: fork.length } })),
        /another history of the workspace's members/,
      ],
      // Records that nobody who orders has signed for.
      [
        await bundles.forge(forgery(records(), { about: { word: byCy } })),
        /another history of the workspace's members/,
      ],
    ]);

    await anas.call('member.remove', { workspace, member: cy.member });
    // Bo hears of it by a bundle of Ana's, and takes nothing from Cy any more.
    await bundles.read(bo.host, await bundles.write(anas, { kind: 'member', member: bo.member }));
    await refused([[written, /was taken out of the workspace/]]);
  });

  it('[D8] [BU8] what one document may not take is said, and the others are taken', async () => {
    const vera = await bundles.team.join({ name: 'Vera', role: 'viewer' });
    await bundles.read(bo.host, await bundles.write(bundles.team.ana.host, { kind: 'member', member: bo.member }));
    // A viewer's program that does not keep to the rules.
    const viewers = forgery([...records(), roomOf(words('by a viewer'))], {
      signer: vera.key,
      about: { writer: vera.key.id },
    });
    const report = await bundles.read(bo.host, await bundles.forge(viewers));
    expect(report.taken).toMatchObject({
      documents: 0,
      refused: [{ reason: expect.stringContaining('not write in it') }],
    });

    // Two million objects in as many bytes: a reader would build half a gigabyte of them.
    const bomb = Buffer.alloc(2_000_100, 127);
    const head = Uint8Array.from([1, 1, 1, 0, 8, 1, 4, 98, 111, 100, 121, 0x80, 0x89, 0x7a]);
    bomb.set(head);
    const good = `${workspace}/${bundles.team.space}/good`;
    const both = forgery([...records(), roomOf(bomb), roomOf(words('fine'), good)]);
    const mixed = await bundles.read(bo.host, await bundles.forge(both));
    expect(mixed.taken?.documents).toBe(1);
    expect(mixed.taken?.refused.map(({ document }) => document)).toEqual(['forged']);
    expect(await bo.host.parts.store.load(`${workspace}/${bundles.team.space}/forged`)).toBeNull();
    expect(await bo.host.parts.documents.read(good, (doc) => doc.getText('body').toJSON())).toBe('fine');
  });

  it('[D8] [BU8] [SG4] a sitting that takes the hash of one that is here and says something else is nobody’s word', async () => {
    const { ana } = bundles.team;
    const cy = await bundles.team.join({ name: 'Cy' });
    await bundles.read(bo.host, await bundles.write(ana.host, { kind: 'member', member: bo.member }));
    const room = profileRoom(workspace, ana.member);
    const [hash = ''] = await bo.host.parts.store.segments.ofRoom(room);
    expect(hash).not.toBe('');
    const content = async (): Promise<string> =>
      Buffer.from(new RoomBytes(await bo.host.parts.store.load(room)).digest()).toString('hex');
    const before = await content();
    // Signed by nobody, in the name of Ana's computer, whose key everybody in the workspace has.
    const body = encodeSegmentBody({
      ...{ base: false, room, device: ana.key.id, member: ana.member, startedAt: 1, endedAt: 1, clients: [7] },
      signer: fromBase64url(ana.key.publicKey.x) ?? new Uint8Array(32),
      updates: [{ at: 1, update: words('not by Ana') }],
    });
    const segment: Entry = { kind: 'segment', room, hash, bytes: joinSignature(body, new Uint8Array(64)) };
    const lie = forgery([...records(), segment], { signer: cy.key, about: { writer: cy.key.id } });
    await bundles.read(bo.host, await bundles.forge(lie));
    expect(await content()).toBe(before);
  });

  it('[D8] [BU8] an attachment whose bytes are here is taken for a space by its bytes, not by its name and a size', async () => {
    const bytes = new Uint8Array(1_000).fill(7);
    const made = await bo.host.parts.blobs.create(workspace);
    await made.append(bytes);
    const { name: blob } = await made.finish();
    const { space } = bundles.team;
    const at = { workspace, space, blob };
    const brought = (size: number, content: Uint8Array): Promise<string> =>
      bundles.forge(
        forgery([...records(), { kind: 'blob', blob, size, spaces: [space] }, { kind: 'piece', bytes: content }]),
      );
    for (const size of [10, 1_000]) {
      const { taken } = await bundles.read(bo.host, await brought(size, new Uint8Array(size)));
      expect(taken?.refused).toMatchObject([{ reason: expect.stringContaining('not the one that it names') }]);
      expect(bo.host.parts.attachments.has(at)).toBe(false);
    }
    await bundles.read(bo.host, await brought(1_000, bytes));
    await bo.host.parts.attachments.dropLost(workspace);
    // Brought by somebody: a viewer would not hand it on as their own (PB3).
    expect([bo.host.parts.attachments.has(at), bo.host.parts.attachments.isAdded(at)]).toEqual([true, false]);
    // Bytes that are gone come with the next one that has them.
    await bo.host.parts.blobs.remove(workspace, blob);
    expect((await bundles.read(bo.host, await brought(1_000, bytes))).taken?.files).toBe(1);
    expect(await bo.host.parts.blobs.size(workspace, blob)).toBe(1_000);
  });

  it('[D8] [BU10] what a computer said as the hub that it was before counts no more, in whatever order the bundles are read', async () => {
    const { knowledge } = bo.host.parts.bundles;
    const said = (hub: string, at: number, documents: readonly string[]): Promise<string> =>
      bundles.forge(
        forgery(
          [...records(), ...documents.map((id) => roomOf(words(id), `${workspace}/${bundles.team.space}/${id}`))],
          { about: { hub, at } },
        ),
      );
    const hubOf = async (id: string): Promise<string | null> => {
      const known = await knowledge.of(bundles.team.ana.key.id, `${workspace}/${bundles.team.space}/${id}`);
      return known?.hub ?? null;
    };
    await bundles.read(bo.host, await said('now', 2_000, ['one']));
    await bundles.read(bo.host, await said('before', 1_000, ['one', 'two']));
    expect([await hubOf('one'), await hubOf('two')]).toEqual(['now', null]);
    await bundles.read(bo.host, await said('after', 3_000, ['two']));
    expect([await hubOf('one'), await hubOf('two')]).toEqual([null, 'after']);
  });

  it('[D8] [BU11] a full disk half way: what was taken is told, and nothing of the attachment stays', async () => {
    const bytes = new Uint8Array(2 * BUNDLE_LIMITS.chunk).fill(3);
    const blob = createHash('sha256').update(bytes).digest('hex');
    const pieces = [0, 1].map((at): Entry => ({
      kind: 'piece',
      bytes: bytes.subarray(at * BUNDLE_LIMITS.chunk, (at + 1) * BUNDLE_LIMITS.chunk),
    }));
    const file = await bundles.forge(
      forgery([
        ...records(),
        roomOf(words('fine')),
        { kind: 'blob', blob, size: bytes.length, spaces: [bundles.team.space] },
        ...pieces,
      ]),
    );
    const { blobs } = bo.host.parts;
    const real = blobs.append.bind(blobs);
    let appended = 0;
    const append = vi.spyOn(blobs, 'append').mockImplementation((...args) => {
      appended += 1;
      if (appended === 2) throw new AppError('disk-full', 'The disk is full.');
      return real(...args);
    });
    await expect(bundles.read(bo.host, file)).rejects.toThrow(
      /The disk is full\. 1 documents had been taken and are kept/,
    );
    expect(await blobs.unfinished(workspace, 'bundle')).toBe(0);
    append.mockRestore();
    expect((await bundles.read(bo.host, file)).taken).toMatchObject({ documents: 0, same: 1, files: 1 });
  });

  it('[D8] what came to a bundle’s place while it was written is not written over, and nothing is left beside it', async () => {
    const { host } = bundles.team.ana;
    const file = bundles.place;
    const order = { workspace, to: { kind: 'member', member: bo.member }, since: false, files: false, file } as const;
    // The passphrase takes half a second to become a key.
    const { job } = await host.call('bundle.write', { ...order, passphrase: 'four words and a half' });
    writeFileSync(file, 'mine');
    expect(await endedJob(host, job)).toMatchObject({
      status: { state: 'failed', message: expect.stringContaining('is there already. Nothing was written') },
    });
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect(await readdir(path.dirname(file))).toEqual([path.basename(file)]);
  });
});
