// The door of a host, between real sockets: who is let in, and that nobody else learns anything.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { NO_CODES } from '../../app/host/peers/peer-codes.ts';
import type { PeerConnection } from '../../app/host/peers/peer-connection.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';
import { Intruder } from '../support/door-intruder.ts';
import { DoorComputer } from '../support/doors.ts';
import { HostBench, until } from '../support/host.ts';
import { LogWriter } from '../support/log-writer.ts';

async function team() {
  const writer = new LogWriter();
  const ana = await writer.create();
  const bo = await writer.join(ana, 'member');
  return { writer, ana, bo };
}

function heard({ transport }: PeerConnection): Promise<string> {
  return new Promise((resolve) => transport.onMessage((message) => resolve(Buffer.from(message).toString())));
}

test('[PE20][PE25] two members prove themselves to each other, and the next message is the purpose’s', async () => {
  const { writer, ana, bo } = await team();
  const first = await DoorComputer.start(ana.key, [writer.records], { address: '127.0.0.2' });
  const second = await DoorComputer.start(bo.key, [writer.records], { address: '127.0.0.3' });
  const dialed = await second.dial(first);
  const taken = await first.arrived();
  const workspace = second.log.workspace;
  expect(dialed).toMatchObject({ workspace, purpose: 'link', device: ana.key.id, member: ana.member, dialed: true });
  expect(taken).toMatchObject({ workspace, purpose: 'link', device: bo.key.id, member: bo.member, dialed: false });
  expect(taken.address.host).toBe('127.0.0.3');
  dialed.transport.send(Buffer.from('hello'));
  expect(await heard(taken)).toBe('hello');
  taken.transport.send(Buffer.from('back'));
  expect(await heard(dialed)).toBe('back');
});

test('[PE26] whichever end knows more hands it on, also to an end that knows the other not yet', async () => {
  const { writer, ana, bo } = await team();
  const before = [...writer.records];
  const cy = await writer.join(ana, 'viewer');
  const older = await DoorComputer.start(ana.key, [before], { address: '127.0.0.2' });
  const newer = await DoorComputer.start(cy.key, [writer.records], {
    address: '127.0.0.3',
    orderedBy: ana.key,
  });
  await newer.dial(older, 'log');
  expect(await older.arrived()).toMatchObject({ device: cy.key.id, purpose: 'log' });
  expect(older.log.records).toEqual(writer.records);

  const behind = await DoorComputer.start(bo.key, [before], { address: '127.0.0.4' });
  expect(await behind.dial(newer)).toMatchObject({ device: cy.key.id });
  expect(behind.log.records).toEqual(writer.records);
});

test('[PE24] another device than the expected one, and a computer that calls itself, are no way in', async () => {
  const { writer, ana, bo } = await team();
  const first = await DoorComputer.start(ana.key, [writer.records], { address: '127.0.0.2' });
  const second = await DoorComputer.start(bo.key, [writer.records], { address: '127.0.0.3' });
  const refused = { code: 'not-allowed', details: { closeCode: CLOSE.forbidden } };
  await expect(second.dial(first, 'link', { device: bo.key.id })).rejects.toMatchObject(refused);
  await expect(first.dial(first)).rejects.toMatchObject(refused);
  expect(await second.dial(first, 'blobs', { device: ana.key.id })).toMatchObject({ purpose: 'blobs' });
  const nobody = { address: { host: '127.0.0.2', port: 1 } };
  await expect(second.dial(nobody)).rejects.toMatchObject({ code: 'unreachable' });
});

test('[PE28] where a code is needed only that code lets in, and after five wrong ones not even that', async () => {
  const { writer, ana, bo } = await team();
  let code: string | null = 'ABC-DEF';
  let failures = 0;
  const codes = { ...NO_CODES, current: () => code, needed: () => true, failed: () => void (failures += 1) };
  const first = await DoorComputer.start(ana.key, [writer.records], { address: '127.0.0.2', codes });
  const second = await DoorComputer.start(bo.key, [writer.records], { address: '127.0.0.3' });
  const refused = { code: 'not-allowed', details: { closeCode: CLOSE.forbidden } };
  await expect(second.dial(first)).rejects.toMatchObject(refused);
  expect(failures).toBe(0);
  expect(await second.dial(first, 'link', { code: 'abc def' })).toMatchObject({ device: ana.key.id });
  for (let turn = 0; turn < LIMITS.peerCodeTries; turn += 1) {
    await expect(second.dial(first, 'link', { code: 'ABC-DEX' })).rejects.toMatchObject(refused);
  }
  expect(failures).toBe(LIMITS.peerCodeTries);
  await expect(second.dial(first, 'link', { code: 'ABC-DEF' })).rejects.toMatchObject(refused);
  code = 'NEW-ONE';
  await second.dial(first, 'link', { code: 'NEW-ONE' });
  // And a caller with a code takes no answer from whoever shows none.
  code = null;
  await expect(second.dial(first, 'link', { code: 'NEW-ONE' })).rejects.toMatchObject(refused);
});

test('[PE29] who floods, sends too much or too slowly is cut, and members come in all the while', async () => {
  const { writer, ana, bo } = await team();
  const clock = new FakeClock();
  const first = await DoorComputer.start(ana.key, [writer.records], { address: '127.0.0.2', clock });
  const second = await DoorComputer.start(bo.key, [writer.records], { address: '127.0.0.3' });
  const floods = Array.from({ length: 7 }, (_, index) => `127.0.1.${index + 1}`);
  const calls = floods.flatMap((from) => Array.from({ length: 9 }, () => Intruder.call(first.address, from)));
  const stayed = (await Promise.allSettled(calls)).flatMap((call) => (call.status === 'fulfilled' ? [call.value] : []));
  expect(first.door.waiting).toBeLessThanOrEqual(LIMITS.peersWaiting);
  expect(stayed.length).toBeGreaterThan(0);
  await second.dial(first);
  // One message that is too long, and messages without end.
  const [long, short] = [new Uint8Array(1024 * 1024), new Uint8Array(10_000)];
  for (const [index, one] of stayed.entries()) {
    if (index % 2 === 0) one.send(long);
    else if (index % 3 === 0) for (let turn = 0; turn < 20; turn += 1) one.send(short);
  }
  await until('those that sent too much are cut', () => first.door.waiting <= LIMITS.peersWaiting / 2);
  clock.advance(LIMITS.unauthenticatedTime);
  await until('those that sent nothing are cut', () => first.door.waiting === 0);
  await Promise.all(stayed.map((one) => one.closed));
  await second.dial(first, 'log');
  expect(first.came).toHaveLength(2);
});

test('[PE29] one device has as many connections as it needs', async () => {
  const { writer, ana, bo } = await team();
  const first = await DoorComputer.start(ana.key, [writer.records], { address: '127.0.0.2' });
  const second = await DoorComputer.start(bo.key, [writer.records], { address: '127.0.0.3' });
  for (let turn = 0; turn < LIMITS.peersPerDevice; turn += 1) await second.dial(first);
  await expect(second.dial(first)).rejects.toMatchObject({ code: 'not-allowed' });
});

test('while links are off nobody comes in or is called, and who is here goes', async () => {
  const { writer, ana, bo } = await team();
  const changes = new Emitter<void>();
  const rehearsing = { isOn: false, onChange: changes.event };
  const first = await DoorComputer.start(ana.key, [writer.records], { address: '127.0.0.2', rehearsing });
  const second = await DoorComputer.start(bo.key, [writer.records], { address: '127.0.0.3' });
  const dialed = await second.dial(first);
  const closed = new Promise((resolve) => dialed.transport.onClose(resolve));
  rehearsing.isOn = true;
  changes.fire();
  expect(await closed).toMatchObject({ code: CLOSE.stopping });
  await expect(second.dial(first)).rejects.toMatchObject({ code: 'unreachable' });
  await expect(first.dial(second)).rejects.toMatchObject({ code: 'unreachable' });
});

const bench = new HostBench();
afterAll(() => bench.dispose());

test('a host keeps its port, takes a free one while that is taken, and has no door unless it is asked for', async () => {
  const folder = await bench.folder();
  const peers = { listen: '127.0.0.2' };
  const first = await bench.start(folder, { peers });
  const port = first.parts.door?.port ?? 0;
  expect(port).toBeGreaterThan(0);
  await bench.stop(first);
  const taker = createServer().listen(port, '127.0.0.2');
  await once(taker, 'listening');
  const second = await bench.start(folder, { peers });
  expect(second.parts.door?.port).not.toBe(port);
  await bench.stop(second);
  taker.close();
  const third = await bench.start(folder, { peers });
  expect(third.parts.door?.port).toBe(port);
  await bench.stop(third);
  expect((await bench.start(folder, { peers, links: false })).parts.door).toBeNull();
});
