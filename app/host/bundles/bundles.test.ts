// Bundles between hosts that have nothing else: everything equal at the end, authors intact, twice harmless.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { RoomBytes } from '../../../shared/hub/room-bytes.ts';
import { BundleTeam, keptBy, restingAt } from '../../../tests/support/bundle-team.ts';
import { HostBench } from '../../../tests/support/host.ts';
import type { OfflineMember, OfflineTeam } from '../../../tests/support/offline-team.ts';
import type { BundleTarget } from '../../contract/bundles.ts';
import type { Host } from '../host.ts';

let bench: HostBench;
let bundles: BundleTeam;
let team: OfflineTeam;
beforeEach(async () => {
  bench = new HostBench();
  bundles = await BundleTeam.make(bench);
  ({ team } = bundles);
});
afterEach(() => bench.dispose());

/** Per room its state vector, digest, content and sittings. */
async function stateOf({ parts }: Host): Promise<ReadonlyMap<string, string>> {
  const rooms = new Map<string, string>();
  for await (const room of parts.store.rooms(team.workspace)) {
    if (room.includes('/~')) continue;
    const bytes = new RoomBytes(await parts.store.load(room));
    const doc = new Y.Doc();
    Y.applyUpdate(doc, bytes.whole());
    const text = [
      doc.getText('title').toJSON(),
      doc.getText('body').toJSON(),
      JSON.stringify(doc.getMap('meta').toJSON()),
    ];
    const hashes = [...(await parts.store.segments.ofRoom(room))].sort();
    const numbers = [bytes.stateVector(), bytes.digest()].map((part) => Buffer.from(part).toString('hex'));
    rooms.set(room, JSON.stringify([...numbers, ...text, ...hashes]));
    doc.destroy();
  }
  return new Map([...rooms].sort());
}

/** What syncing would come to: the state vectors of everything that they have, merged by Yjs itself. */
async function merged(hosts: readonly Host[]): Promise<Readonly<Record<string, string>>> {
  const docs = new Map<string, Y.Doc>();
  for (const { parts } of hosts) {
    for await (const room of parts.store.rooms(team.workspace)) {
      if (room.includes('/~')) continue;
      const doc = docs.get(room) ?? new Y.Doc();
      docs.set(room, doc);
      Y.applyUpdate(doc, new RoomBytes(await parts.store.load(room)).whole());
    }
  }
  const vectors = [...docs].map(
    ([room, doc]) => [room, Buffer.from(Y.encodeStateVector(doc)).toString('hex')] as const,
  );
  return Object.fromEntries(vectors.sort());
}

function type(host: Host, room: string, at: number, word: string): Promise<void> {
  return host.parts.documents.edit(room, (doc) => {
    const body = doc.getText('body');
    const place = at % (body.length + 1);
    if (at % 5 === 4 && body.length > 8) body.delete(Math.min(place, body.length - 4), 3);
    else body.insert(place, word);
  });
}

/** A small generator with a seed (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

describe('bundles', { timeout: 60_000 }, () => {
  const seeds = process.env['CARAVAN_LONG'] === '1' ? Array.from({ length: 30 }, (_, at) => at + 1) : [1];
  it.each(seeds)(
    '[D8] [BU11] ten bundles in shuffled order with repeats: all three have the same, seed %i',
    async (seed) => {
      const random = seeded(seed);
      const [bo, cy] = [await team.join({ name: 'Bo' }), await team.join({ name: 'Cy' })];
      const people: readonly OfflineMember[] = [team.ana, bo, cy];
      const anas = team.ana.host;
      const files: string[] = [];
      // The logs are made equal first: Bo's was made before Cy came.
      files.push(await bundles.write(anas, { kind: 'all' }));
      for (const { host } of [bo, cy]) await bundles.read(host, files[0] ?? '');
      const rooms: string[] = [];
      for (const [at, { host }] of people.entries()) {
        const place = { workspace: team.workspace, space: team.space, kind: 'page', parent: null } as const;
        rooms.push((await host.call('doc.create', { ...place, title: `Page ${at}` })).room);
      }
      while (files.length < 10) {
        const one = people[random(3)] ?? team.ana;
        for (let edits = random(6); edits >= 0; edits -= 1) {
          const room = rooms[random(3)] ?? '';
          if (await one.host.parts.store.load(room)) await type(one.host, room, random(1_000), `w${random(1_000)} `);
        }
        const other = people[random(3)] ?? bo;
        const targets: BundleTarget[] = [{ kind: 'all' }, { kind: 'space', space: team.space }];
        if (other !== one) targets.push({ kind: 'member', member: other.member });
        const file = await bundles.write(one.host, targets[random(targets.length)] ?? { kind: 'all' }, {
          since: random(2) === 1,
        });
        files.push(file);
        if (random(2) === 1 && other !== one) await bundles.read(other.host, file).catch(() => undefined);
      }
      for (const { host } of people) files.push(await bundles.write(host, { kind: 'all' }, { since: random(2) === 1 }));
      const synced = await merged(people.map(({ host }) => host));
      for (const { host } of people) {
        const order = [...files, ...files.slice(random(5), 6 + random(5))].sort(() => random(3) - 1);
        // What is sealed for others is refused; nothing comes of it.
        for (const file of order) await bundles.read(host, file).catch(() => undefined);
      }
      const [first, ...others] = await Promise.all(people.map(({ host }) => stateOf(host)));
      expect(first?.size).toBeGreaterThan(7);
      const vectors = [...(first ?? [])].map(([room, text]) => [room, text.split('"')[1]] as const);
      expect(Object.fromEntries(vectors)).toEqual(synced);
      for (const other of others) expect(Object.fromEntries(other)).toEqual(Object.fromEntries(first ?? []));
    },
  );

  it('[D8] [D5] C sees who wrote what A wrote and B carried, and when', async () => {
    const [bo, cy] = [await team.join({ name: 'Bo' }), await team.join({ name: 'Cy' })];
    const { host: anas } = team.ana;
    const place = { workspace: team.workspace, space: team.space, kind: 'page', parent: null } as const;
    const { id, room } = await anas.call('doc.create', { ...place, title: 'Hut' });
    await type(anas, room, 0, 'by Ana ');
    await bundles.read(bo.host, await bundles.write(anas, { kind: 'member', member: bo.member }));
    await type(bo.host, room, 0, 'by Bo ');
    const before = await anas.call('doc.history', { workspace: team.workspace, document: id });
    const report = await bundles.read(cy.host, await bundles.write(bo.host, { kind: 'member', member: cy.member }));
    expect(report.taken?.refused).toEqual([]);
    const history = await cy.host.call('doc.history', { workspace: team.workspace, document: id });
    expect(history.map(({ member }) => member)).toEqual([team.ana.member, bo.member]);
    expect(history[0]).toMatchObject({ device: team.ana.key.id, from: before[0]?.from, segment: before[0]?.segment });
    // Names come by the signatures of those who have them: neither Bo nor anybody else may write in Ana's profile.
    const members = await cy.host.call('workspace.members', { workspace: team.workspace });
    expect(members.map(({ name }) => name).sort()).toEqual(['Ana', 'Bo', 'Cy']);
  });

  it('[D8] [BU8] a guest gets nothing of other spaces, carries nothing of others, and a preview changes nothing', async () => {
    const { host: anas } = team.ana;
    const { workspace } = team;
    const pilot = await anas.call('space.create', { workspace, name: 'Pilot', visibility: 'invited' });
    const gus = await team.join({ name: 'Gus', role: 'guest', spaces: [{ space: pilot.id, role: 'guest' }] });
    await bundles.page(anas, 'Secret');
    const plan = await bundles.page(anas, 'Plan', pilot.id);
    const other = await bundles.page(anas, 'Other plan', pilot.id);
    const { blob, size } = await anas.parts.attachments.add(workspace, pilot.id, pieces(new Uint8Array(2_000).fill(1)));
    await anas.parts.documents.edit(plan.room, (doc) => {
      const marker = new Y.Map<unknown>(Object.entries({ id: 'one', kind: 'file', blob, size, name: 'plan.bin' }));
      doc.getText('body').insertEmbed(0, marker);
    });
    const file = await bundles.write(anas, { kind: 'member', member: gus.member }, { files: true });
    const rooms = (await bundles.inside(file, gus.key)).flatMap((one) => (one.kind === 'room' ? [one.part.room] : []));
    const spaces = [...new Set(rooms.map((room) => room.split('/')[1]))].sort();
    expect(spaces).toEqual([`@${team.ana.member}`, '@workspace', pilot.id].sort());
    // What everybody may read is sealed for those who may read all of it.
    await expect(anas.call('bundle.plan', { workspace, to: { kind: 'all' } })).rejects.toThrow(/no other computer/);

    const before = await restingAt(gus.host, workspace);
    const { look } = await bundles.read(gus.host, file, { take: false });
    expect(look).toMatchObject({ records: 0, hidden: 0, refused: 0, writer: { member: team.ana.member } });
    expect(look?.documents.map(({ title, state }) => [title, state])).toEqual([
      ['Other plan', 'new'],
      ['Plan', 'new'],
    ]);
    expect(look?.spaces).toEqual([{ id: pilot.id, name: 'Pilot' }]);
    expect(await keptBy(gus.host, workspace)).toBe(before);

    await bundles.read(gus.host, file);
    await type(gus.host, plan.room, 0, 'by Gus ');
    expect((await gus.host.parts.attachments.open({ workspace, space: pilot.id, blob }))?.size).toBe(size);
    const back = await bundles.write(gus.host, { kind: 'member', member: team.ana.member }, { files: true });
    const own = await bundles.inside(back, team.ana.key);
    const brought = own.flatMap((one) => (one.kind === 'room' ? [one.part.room] : []));
    expect(brought).toContain(plan.room);
    expect(brought).not.toContain(other.room);
    expect(own.filter(({ kind }) => kind === 'blob')).toEqual([]);
    await bundles.read(anas, back);
    expect(await anas.parts.documents.read(plan.room, (doc) => doc.getText('body').toJSON())).toMatch(/^by Gus /);
    await expect(
      gus.host.call('bundle.write', {
        workspace,
        to: { kind: 'space', space: team.space },
        since: false,
        files: false,
      }),
    ).rejects.toThrow(/no such space/);
  });

  it('[D8] [BU10] since the last meeting: only what the other lacks, and what was read counts as held', async () => {
    const bo = await team.join({ name: 'Bo' });
    const { host: anas } = team.ana;
    const { workspace } = team;
    const still = await bundles.page(anas, 'Still');
    const moves = await bundles.page(anas, 'Moves');
    await type(anas, moves.room, 0, 'a long beginning '.repeat(200));
    await bundles.read(bo.host, await bundles.write(anas, { kind: 'member', member: bo.member }));
    const held = async (): Promise<boolean | undefined> => {
      const { people } = await anas.call('doc.receipts', { workspace, document: moves.id });
      return people.find(({ member }) => member === bo.member)?.held;
    };
    expect(await held()).toBe(false);
    await bundles.read(anas, await bundles.write(bo.host, { kind: 'member', member: team.ana.member }));
    expect(await held()).toBe(true);
    await type(anas, moves.room, 0, 'new ');
    expect(await held()).toBe(false);
    const file = await bundles.write(anas, { kind: 'member', member: bo.member }, { since: true });
    const parts = (await bundles.inside(file, bo.key)).flatMap((one) => (one.kind === 'room' ? [one.part] : []));
    const sizes = new Map(parts.map(({ room, update }) => [room, update?.length ?? 0]));
    expect(sizes.get(still.room)).toBe(0);
    expect(sizes.get(moves.room)).toBeGreaterThan(0);
    expect(sizes.get(moves.room)).toBeLessThan(200);
    expect((await bundles.read(bo.host, file)).taken).toMatchObject({ documents: 1, sittings: 1, refused: [] });
    // Whoever was put back to before gets no half document: it is said, and a bundle with everything mends it.
    await bo.host.parts.hub.purge(moves.room);
    await type(anas, moves.room, 0, 'newer ');
    const gap = await bundles.read(
      bo.host,
      await bundles.write(anas, { kind: 'member', member: bo.member }, { since: true }),
    );
    expect(gap.look?.documents.map(({ state }) => state)).toEqual(['gap']);
    expect(gap.taken?.refused).toMatchObject([{ document: moves.id, reason: expect.stringContaining('everything') }]);
    await bundles.read(bo.host, await bundles.write(anas, { kind: 'all' }));
    expect(await bo.host.parts.documents.read(moves.room, (doc) => doc.getText('body').toJSON())).toMatch(
      /^newer new a/,
    );
  });

  it('[D8] [BU11] attachments by choice, verified; stopped half way and read again', async () => {
    const bo = await team.join({ name: 'Bo' });
    const { host: anas } = team.ana;
    const { workspace, space } = team;
    const bytes = new Uint8Array(300_000).map((_, at) => at % 251);
    const { room } = await bundles.page(anas, 'Photographs');
    const { blob, size } = await anas.parts.attachments.add(workspace, space, pieces(bytes));
    await anas.parts.documents.edit(room, (doc) => {
      const marker = new Y.Map<unknown>(Object.entries({ id: 'one', kind: 'file', blob, size, name: 'photo.bin' }));
      doc.getText('body').insertEmbed(0, marker);
    });
    const to: BundleTarget = { kind: 'member', member: bo.member };
    expect(await anas.call('bundle.plan', { workspace, to })).toMatchObject({ files: 1, fileBytes: size });
    const without = await bundles.write(anas, to);
    const file = await bundles.write(anas, to, { files: true });
    expect((await bundles.read(bo.host, without)).look).toMatchObject({ files: 0 });

    const { job } = await bo.host.call('bundle.read', { file, take: true });
    await bench.stop(bo.host);
    expect(job).not.toBe('');
    const again = await bench.start(bo.folder, { links: false });
    expect((await bundles.read(again, file)).taken?.files).toBe(1);
    const open = await again.parts.attachments.open({ workspace, space, blob });
    expect(open?.size).toBe(size);
    const kept = await restingAt(again, workspace);
    expect((await bundles.read(again, file)).taken).toMatchObject({ documents: 0, sittings: 0, files: 0 });
    expect(await keptBy(again, workspace)).toBe(kept);
  });
});

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
