// A closed relay while the log changes under open sockets: removal, lesser roles, lost and new spaces, ends, and a restored old store.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import { readHead } from '../../shared/access/log-head.ts';
import { attached, handOver, startClosedRelay, startOn, type ClosedRelay } from '../support/closed-relay.ts';
import type { Person } from '../support/log-writer.ts';
import { RawLink, RawRoom } from '../support/raw-sockets.ts';
import { RelayCalls } from '../support/relay-calls.ts';
import { bundleRelay, type RelayBundle } from '../support/relay-process.ts';
import { stockClient, synced, until, type StockClient } from '../support/stock-client.ts';

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

async function setup() {
  const closed = await startClosedRelay(bundle);
  const made = await attached(closed);
  const { log, owner, workspace, space } = made;
  const second = await log.space(owner);
  const both = [
    { space, role: 'member' },
    { space: second, role: 'member' },
  ] as const;
  const member = await log.join(owner, 'member', both);
  await handOver(closed, made);
  const room = `${space}/D`;
  const enter = (person: Person, place = room): Promise<StockClient> => stock(closed, workspace, person, place);
  const link = async (person: Person): Promise<RawLink> =>
    (await RawLink.open(closed.relay.url, workspace, await closed.calls.ticket(person.key, workspace, '*')))!;
  return { closed, made, ...made, second, member, room, enter, link, add: () => handOver(closed, made) };
}

async function stock(
  { calls, relay }: Pick<ClosedRelay, 'calls' | 'relay'>,
  workspace: string,
  person: Person,
  place: string,
): Promise<StockClient> {
  const ticket = await calls.ticket(person.key, workspace, place);
  const client = stockClient(relay.url, `${workspace}/${place}`, { protocols: ['caravan.v1', `tkt.${ticket}`] });
  await synced(client);
  return client;
}

/** Resolves with the code with which a stock client was closed for good. */
function closedFor(client: StockClient): Promise<number> {
  return new Promise((resolve) => {
    client.provider.on('connection-close', (event: { readonly code: number } | null) => resolve(event?.code ?? 0));
  });
}

describe('[RE54] rights that change under open sockets', () => {
  test('[RE54] [CC4403] a removed member: every socket is closed with 4403, a stock client stops for good, the others go on', async () => {
    const { log, owner, member, room, workspace, enter, link, add, closed } = await setup();
    const [ana, bo] = [await enter(owner), await enter(member)];
    const [whole, theirs] = [await link(member), await link(owner)];
    bo.write('before ');
    await until(() => ana.text === 'before ', 'the word of who is still a member');
    const code = closedFor(bo);
    await log.add(owner.key, { verb: 'member.remove', member: member.member });
    await add();
    expect(await code).toBe(4403);
    expect(bo.provider.shouldConnect).toBe(false);
    await until(() => whole.code !== null, 'the link is closed');
    expect(whole.code).toBe(4403);
    bo.write('after ');
    ana.write('still here');
    // Another socket: what was written on the first may come behind its answer.
    const third = await enter(owner);
    await until(() => third.text.includes('still here'), 'the others go on');
    expect(third.text).toBe('before still here');
    expect(theirs.code).toBeNull();
    expect((await closed.calls.askTicket(member.key, workspace, room)).status).toBe(403);
  });

  test('[RE54] a removed device goes, and its member stays with the others', async () => {
    const { log, member, workspace, room, add, closed, enter } = await setup();
    const laptop = await createDeviceKey();
    await log.add(member.key, await log.deviceBody(member, laptop));
    await add();
    const second = await enter({ key: laptop, member: member.member });
    const first = await enter(member);
    const code = closedFor(second);
    await log.add(member.key, { verb: 'device.remove', device: laptop.id });
    await add();
    expect(await code).toBe(4403);
    first.write('here');
    await until(() => first.provider.wsconnected, 'the other device stays');
    expect((await closed.calls.askTicket(laptop, workspace, room)).status).toBe(403);
    expect((await closed.calls.askTicket(member.key, workspace, room)).status).toBe(200);
  });

  test('[RE54] [RE58] who is made a viewer stays connected and changes nothing, and writes again when made a member', async () => {
    const { log, owner, member, workspace, room, add, closed, enter } = await setup();
    const ana = await enter(owner);
    const ticket = await closed.calls.ticket(member.key, workspace, room);
    const bo = (await RawRoom.open(closed.relay.url, `${workspace}/${room}`, ticket))!;
    bo.talk.write('first');
    await until(() => bo.talk.acknowledged === 1, 'a member writes');
    await log.add(owner.key, { verb: 'member.role', member: member.member, role: 'viewer' });
    await add();
    bo.talk.echo();
    bo.talk.write('second');
    await bo.talk.read();
    ana.write('third');
    await until(() => bo.talk.text.includes('third'), 'a viewer goes on reading');
    expect(ana.text).not.toContain('second');
    await log.add(owner.key, { verb: 'member.role', member: member.member, role: 'member' });
    await add();
    bo.talk.write('fourth');
    await until(() => ana.text.includes('fourth'), 'a member again');
    expect(ana.text).not.toContain('second');
    expect(bo.code).toBeNull();
    // The first word and the answer without effect; what was refused is never acknowledged, nor anything behind it.
    expect(bo.talk.acknowledged).toBe(2);
  });

  test('[RE54] [CG8] a space that is taken closes its rooms alone, and one that is given is listed on the open link', async () => {
    const { log, owner, member, workspace, space, second, room, add, enter, link } = await setup();
    const [ana, other] = [await enter(owner), await enter(owner, `${second}/D`)];
    ana.write('one');
    other.write('two');
    const [bo, elsewhere, whole] = [await enter(member), await enter(member, `${second}/D`), await link(member)];
    await whole.list();
    const channel = await whole.room(`${workspace}/${room}`);
    const stays = await whole.room(`${workspace}/${second}/D`);
    expect([channel.code, stays.code]).toEqual([null, null]);
    await stays.talk.read();
    const code = closedFor(bo);
    await log.add(owner.key, { verb: 'space.revoke', space, member: member.member });
    await add();
    expect(await code).toBe(4403);
    const closes = () => whole.frames.flatMap((frame) => (frame.kind === 'close' ? [[frame.channel, frame.code]] : []));
    await until(() => closes().length > 0, 'the channel of the space that is lost is closed');
    expect(closes()).toEqual([[channel.channel, 4403]]);
    const told = whole.frames.length;
    const secret = await enter(owner, `${space}/E`);
    secret.write('not for Bo');
    other.write(' more');
    await until(() => stays.talk.text.includes('more'), 'the other space goes on');
    await until(() => elsewhere.text.includes('more'), 'and its sockets');
    expect(whole.frames.slice(told).filter((frame) => frame.kind === 'changes' && frame.space === space)).toEqual([]);
    await log.add(owner.key, { verb: 'space.grant', space, member: member.member, role: 'viewer', until: null });
    await add();
    await until(() => whole.told().has(`${workspace}/${space}/E`), 'what was missed is told');
  });

  test('[RE54] the end of a guest closes their sockets by the relay’s clock, without a record', async () => {
    const { log, owner, workspace, space, room, add, closed, enter } = await setup();
    const guest = await log.join(owner, 'guest', [{ space, role: 'guest' }]);
    await add();
    const gil = await enter(guest);
    gil.write('while it lasts');
    const code = closedFor(gil);
    // Given once the guest is in, so that coming in is no race against it.
    const end = Date.now() + 1_500;
    await log.add(owner.key, { verb: 'space.grant', space, member: guest.member, role: 'guest', until: end });
    await add();
    expect(await code).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual(end);
    expect((await closed.calls.askTicket(guest.key, workspace, room)).status).toBe(403);
  });
});

describe('[RE56] a relay that forgot a removal', () => {
  test('[RE56] its own signatures show it, it cannot forge, and the removal is handed over again', async () => {
    const { closed, log, owner, member, workspace, room, made } = await setup();
    const { data } = closed;
    const store = join(data, 'store');
    await closed.relay.end('SIGTERM');
    cpSync(store, join(data, 'store-then'), { recursive: true });
    const port = new URL(closed.relay.url).port;
    const knowing = await startOn(bundle, data, port);
    const calls = new RelayCalls(knowing.url);
    await log.add(owner.key, { verb: 'member.remove', member: member.member });
    await handOver({ calls }, made);
    const { relay: id, key: publicKey } = await calls.nonce();
    const head = async (): Promise<{ length: number; at: number } | null> =>
      readHead(String((await calls.readLog(owner.key, workspace)).body?.['head']), { id, publicKey });
    const before = (await head())!;
    await knowing.end('SIGTERM');
    rmSync(store, { recursive: true });
    cpSync(join(data, 'store-then'), store, { recursive: true });
    const forgetful = await startOn(bundle, data, port);

    const after = (await head())!;
    // The same key says later that the log is shorter: no host that kept the first word believes the second.
    expect(after.length).toBeLessThan(before.length);
    expect(after.at).toBeGreaterThanOrEqual(before.at);
    const ana = await stock({ calls, relay: forgetful }, workspace, owner, room);
    const bo = await stock({ calls, relay: forgetful }, workspace, member, room);
    const code = closedFor(bo);
    await handOver({ calls }, made);
    expect(await code).toBe(4403);
    expect((await head())!.length).toBe(before.length);
    expect((await calls.askTicket(member.key, workspace, room)).status).toBe(403);
    expect(ana.provider.wsconnected).toBe(true);
    // Nor does the one who was removed bring the old log back.
    expect((await calls.attach(member.key, workspace, log.records.slice(0, -1), closed.key)).status).toBe(403);
    expect((await head())!.length).toBe(before.length);
  });
});
