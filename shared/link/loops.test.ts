// Shows how often an edit travels between hosts that are all linked to each other, with a relay in common and without one.
import { afterEach, describe, expect, it } from 'vitest';
import { Mesh, type MeshOptions } from '../../tests/support/mesh.ts';
import { roomsOpened } from '../../tests/support/sent-frames.ts';

const PAGE = 'workspace/space/page';
const meshes: Mesh[] = [];
afterEach(async () => {
  await Promise.all(meshes.splice(0).map((mesh) => mesh.close()));
});

async function mesh(options: MeshOptions): Promise<Mesh> {
  const made = await Mesh.start(options);
  meshes.push(made);
  made.hosts[0]!.type(PAGE, 'one two ');
  await made.quiet();
  for (const host of made.hosts) expect(host.text(PAGE)).toBe('one two ');
  await made.settle();
  await made.quiet();
  return made;
}

/** The second host types what is missing of the text. */
function typing(made: Mesh, text: string): [change: () => void, text: string] {
  return [() => made.hosts[1]!.type(PAGE, text.slice(made.hosts[1]!.text(PAGE).length)), text];
}

/** The last host deletes the first word. */
function deleting(made: Mesh, text: string): [change: () => void, text: string] {
  const host = made.hosts.at(-1)!;
  const change = (): void =>
    host.edit(PAGE, (doc) => doc.getText('body').delete(0, doc.getText('body').length - text.length));
  return [change, text];
}

// The table of docs/performance.md, "Frames per edit": the mesh has a clock of its own, so that the counts are the same each time.
describe('[RL] an edit and a deletion travel once', () => {
  it.each([
    [3, { frames: 12 }, { frames: 26 }],
    [5, { frames: 20 }, { frames: 40 }],
    [8, { frames: 32 }, { frames: 61 }],
  ])(
    '[RL2] between %i hosts that have a relay in common: to it, and from it to each other one',
    async (hosts, open, closed) => {
      const made = await mesh({ hosts, shape: 'mesh', relay: true });
      const pins = made.toRelay.map(({ link }) => link.pin(PAGE));
      await made.settle();
      await made.quiet();
      expect(await made.cost(PAGE, ...typing(made, 'one two three'))).toEqual({ carried: hosts, ...open });
      expect(await made.cost(PAGE, ...deleting(made, 'two three'))).toEqual({ carried: hosts, ...open });
      for (const pin of pins) pin.dispose();
      await made.settle();
      await made.quiet();
      // One more: the relay's answer to the writer's question is the set of deletions that both have.
      expect(await made.cost(PAGE, ...typing(made, 'two three, four'))).toEqual({ carried: hosts + 1, ...closed });
      expect(await made.cost(PAGE, ...deleting(made, 'three, four'))).toEqual({ carried: hosts + 1, ...closed });
    },
  );

  it.each([
    ['mesh', 3, 20, 15],
    ['mesh', 5, 49, 34],
    ['mesh', 8, 100, 70],
    ['chain', 3, 19, 14],
    ['chain', 5, 43, 28],
    ['chain', 8, 79, 49],
  ] as const)('[RL4] without a relay, in a %s of %i: once to each', async (shape, hosts, typed, deleted) => {
    const made = await mesh({ hosts, shape, relay: false });
    const carried = hosts - 1;
    expect(await made.cost(PAGE, ...typing(made, 'one two three'))).toEqual({ carried, frames: typed });
    expect(await made.cost(PAGE, ...deleting(made, 'two three'))).toEqual({ carried, frames: deleted });
  });

  // What is typed in an open document must not wait, and nobody tells who else has it: each passes on what was new to it, once.
  it.each([
    [3, { frames: 14 }],
    [5, { frames: 52 }],
    [8, { frames: 154 }],
  ])(
    '[RL4] [CH10] without a relay, in a mesh of %i where the document is open: once from each to each other one',
    async (hosts, open) => {
      const made = await mesh({ hosts, shape: 'mesh', relay: false });
      for (const { link } of made.between) link.pin(PAGE);
      await made.settle();
      await made.quiet();
      const carried = (hosts - 1) ** 2;
      expect(await made.cost(PAGE, ...typing(made, 'one two three'))).toEqual({ carried, ...open });
      expect(await made.cost(PAGE, ...deleting(made, 'two three'))).toEqual({ carried, ...open });
    },
  );

  it('[RL1] [RL3] what was left to a relay that is gone travels between the hosts, and only what they lack', async () => {
    const made = await mesh({ hosts: 3, shape: 'mesh', relay: true });
    made.hosts[0]!.type(PAGE, 'three ');
    await made.quiet();
    for (const host of made.hosts) expect(host.text(PAGE)).toContain('three');
    await made.quiet();
    for (const one of made.toRelay) {
      one.reachable = false;
      one.pipe().cut();
    }
    const edit = await made.cost(PAGE, () => made.hosts[0]!.type(PAGE, 'four'), 'one two three four');
    expect(edit.carried).toBe(2);
    await made.quiet();
    for (const { link } of made.between) expect([link.outbox(), link.fetching]).toEqual([[], 0]);
    // And back: the relay gets it once it is there, from whoever comes first.
    for (const one of made.toRelay) {
      one.reachable = true;
      one.link.retryNow();
    }
    await made.quiet();
    expect(made.relay.text(PAGE)).toBe('one two three four');
  });

  // A laptop's link to another one is back before the one to the relay, or the relay stays away: what waited between the two was opened, and every word of it compared, though both had it from the relay.
  it('[RL3] [DG4] what both have from a relay is not opened when their own link begins anew without it', async () => {
    const made = await mesh({ hosts: 3, shape: 'mesh', relay: true });
    for (const [at, host] of made.hosts.entries()) host.type(PAGE, `${String(at)} `);
    await made.quiet();
    const before = made.between.map(({ pipe }) => pipe());
    for (const one of made.toRelay) one.reachable = false;
    for (const { pipe } of made.links) pipe().cut();
    await made.quiet();
    for (const [at, { link, pipe }] of made.between.entries()) {
      expect(pipe()).not.toBe(before[at]);
      expect([link.status.state, link.outbox(), link.fetching]).toEqual(['online', [], 0]);
      expect(roomsOpened(pipe())).toEqual([]);
    }
  });

  it('[RL2] a room that the relay refuses travels between the hosts all the same', async () => {
    const made = await mesh({ hosts: 3, shape: 'mesh', relay: true });
    const secret = 'workspace/space/refused';
    made.relay.refused.set(secret, 4403);
    made.hosts[0]!.type(secret, 'text');
    await made.quiet();
    for (const host of made.hosts) expect(host.text(secret)).toBe('text');
    expect(made.relay.text(secret)).toBe('');
  });
});
