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

describe('[RL] an edit and a deletion travel once', () => {
  it.each([3, 5, 8])(
    '[RL2] between %i hosts that have a relay in common: to it, and from it to each other one',
    async (hosts) => {
      const made = await mesh({ hosts, shape: 'mesh', relay: true });
      const pins = made.toRelay.map(({ link }) => link.pin(PAGE));
      await made.settle();
      await made.quiet();
      const edit = await made.cost(PAGE, () => made.hosts[1]!.type(PAGE, 'three'), 'one two three');
      const deletion = await made.cost(
        PAGE,
        () => made.hosts[2]!.edit(PAGE, (doc) => doc.getText('body').delete(0, 4)),
        'two three',
      );
      process.stderr.write(`${hosts} hosts, relay, open: ${JSON.stringify({ edit, deletion })}\n`);
      expect([edit.carried, deletion.carried]).toEqual([hosts, hosts]);
      for (const pin of pins) pin.dispose();
      await made.settle();
      await made.quiet();
      const closed = await made.cost(PAGE, () => made.hosts[1]!.type(PAGE, ', four'), 'two three, four');
      process.stderr.write(`${hosts} hosts, relay, closed: ${JSON.stringify(closed)}\n`);
      // One more: the relay's answer to the writer's question is the set of deletions that both have.
      expect(closed.carried).toBe(hosts + 1);
    },
  );

  it.each([
    ['mesh', 3],
    ['mesh', 5],
    ['mesh', 8],
    ['chain', 3],
    ['chain', 5],
    ['chain', 8],
  ] as const)('[RL4] without a relay, in a %s of %i: once to each', async (shape, hosts) => {
    const made = await mesh({ hosts, shape, relay: false });
    const edit = await made.cost(PAGE, () => made.hosts[1]!.type(PAGE, 'three'), 'one two three');
    process.stderr.write(`${shape} of ${hosts}, no relay, closed: ${JSON.stringify(edit)}\n`);
    // A host that hears of it from two at once may be given it twice; it is the rule that each is given it once.
    expect(edit.carried).toBeGreaterThanOrEqual(hosts - 1);
    expect(edit.carried).toBeLessThan(2 * (hosts - 1));
  });

  // What is typed in an open document must not wait, and nobody tells who else has it: each passes on what was new to it, once.
  it.each([3, 5, 8])(
    '[RL4] [CH10] without a relay, in a mesh of %i where the document is open: at most once from each to each other one',
    async (hosts) => {
      const made = await mesh({ hosts, shape: 'mesh', relay: false });
      for (const { link } of made.between) link.pin(PAGE);
      await made.settle();
      await made.quiet();
      const edit = await made.cost(PAGE, () => made.hosts[1]!.type(PAGE, 'three'), 'one two three');
      const deletion = await made.cost(
        PAGE,
        () => made.hosts[2]!.edit(PAGE, (doc) => doc.getText('body').delete(0, 4)),
        'two three',
      );
      process.stderr.write(`mesh of ${hosts}, no relay, open: ${JSON.stringify({ edit, deletion })}\n`);
      for (const { carried } of [edit, deletion]) {
        expect(carried).toBeGreaterThanOrEqual(hosts - 1);
        expect(carried).toBeLessThanOrEqual((hosts - 1) ** 2);
      }
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
    expect(edit.carried).toBeLessThanOrEqual(4);
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
