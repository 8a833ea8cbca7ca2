// Who has no part in a workspace and comes to the door of a member's computer, or has it come: whatever they try, they learn nothing.
import { once } from 'node:events';
import { request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { WorkspaceLog } from '../../app/host/membership.ts';
import { dataFolderAt } from '../../app/host/data-folder.ts';
import { greet, welcome } from '../../app/host/peers/handshake.ts';
import { exchangeLogs } from '../../app/host/peers/log-exchange.ts';
import { NO_CODES } from '../../app/host/peers/peer-codes.ts';
import type { PeerAddress } from '../../app/host/peers/peer-connection.ts';
import { knowledgeProof, Said } from '../../app/host/peers/peer-secrets.ts';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { meetingKey } from '../../shared/access/meeting-key.ts';
import { hashRecord, signRecord } from '../../shared/access/membership-log.ts';
import { systemClock } from '../../shared/base/clock.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { encodeOpening, encodePeerFrame, NO_CODE, readGreeting, withProof } from '../../shared/protocol/peer-frames.ts';
import { Intruder, namesOf, rogueDoor } from '../support/door-intruder.ts';
import { DoorComputer } from '../support/doors.ts';
import { joinedDevice } from '../support/joined-device.ts';
import { HostBench } from '../support/host.ts';

const bench = new HostBench();
const TITLE = 'Salaries of the spring';
let ana: Host;
let workspace: string;
let address: PeerAddress;
/** A member, one who was removed, and one who never was, but got hold of the list of members. */
let bo: DeviceKey;
let cy: DeviceKey;
let dan: DeviceKey;
let records: readonly string[];
let secrets: readonly Buffer[];

beforeAll(async () => {
  ana = await bench.start(await bench.folder(), { peers: { listen: '127.0.0.2' } });
  workspace = (await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' })).id;
  const [space] = await ana.call('space.list', { workspace });
  await ana.call('doc.create', { workspace, space: space?.id ?? '', kind: 'page', title: TITLE, parent: null });
  const { log } = ana.parts.workspaces.get(workspace);
  [bo, cy, dan] = [await joinedDevice(log), await joinedDevice(log), await createDeviceKey()];
  await log.append({ verb: 'member.remove', member: log.membership.devices.get(cy.id) ?? '' });
  records = log.records;
  address = { host: '127.0.0.2', port: ana.parts.door?.port ?? 0 };
  const hashes = await Promise.all(records.map(hashRecord));
  const ids = [workspace, space?.id ?? '', ...hashes, ...log.membership.members.keys()];
  const words = [TITLE, 'Perigee', 'Ana', ...records].map((text) => Buffer.from(text));
  secrets = [...namesOf([ana.parts.device, bo, cy], ids), ...words];
});
afterAll(() => bench.dispose());

let next = 9;
/** An address of its own for each that comes, so that none waits for what another one did. */
const own = (): string => `127.0.0.${(next += 1)}`;

function expectNothing(heard: Buffer): void {
  expect(secrets.filter((secret) => heard.includes(secret))).toEqual([]);
}

async function logOf(key: DeviceKey, texts = records): Promise<WorkspaceLog> {
  return WorkspaceLog.open(dataFolderAt('/nowhere'), key, systemClock, texts);
}

/** Goes through the whole conversation as a dialing end, as far as it is let. */
async function tryToEnter(device: DeviceKey, log: WorkspaceLog): Promise<Intruder> {
  const intruder = await Intruder.call(address, own());
  const entering = greet({ talk: intruder, channel: intruder.channel, device }, log, 'link').then((other) =>
    exchangeLogs(intruder, log, other),
  );
  await entering.catch(() => undefined);
  // Who is let in is told so; nobody here may be.
  await expect(intruder.receive()).rejects.toMatchObject({ code: 'not-allowed' });
  return intruder;
}

test('[PE20] TLS 1.2, no TLS, another protocol and a request get no answer', async () => {
  const { port, host } = address;
  const old = connect({ host, port, maxVersion: 'TLSv1.2', rejectUnauthorized: false });
  await expect(once(old, 'secureConnect')).rejects.toThrow();
  const plain = connectPlain({ host, port, localAddress: own() });
  plain.end('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  let heard = '';
  plain.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  await once(plain, 'close');
  expect(heard).not.toContain('HTTP');
  for (const ALPNProtocols of [['caravan.peer.v1'], undefined]) {
    const asked = request({
      ...{ host, port, path: '/', rejectUnauthorized: false, localAddress: own(), agent: false },
      ...(ALPNProtocols ? { ALPNProtocols } : {}),
    });
    asked.end();
    await expect(once(asked, 'response')).rejects.toThrow();
  }
});

test('[PE21][PE27] whoever does not know the workspace hears the same as whoever sends noise', async () => {
  const stranger = await createDeviceKey();
  const body = { verb: 'workspace.create', device: stranger.publicKey, nonce: randomId() } as const;
  const other = await logOf(stranger, [await signRecord(stranger, { version: 2, previous: null, body, at: 1 })]);
  const noise = await Intruder.call(address, own());
  noise.send(Buffer.from('let me in'));
  const [one, two] = [await tryToEnter(stranger, other), noise];
  const goodbye = await two.closed;
  expect(goodbye.code).toBe(CLOSE.forbidden);
  expect(await one.closed).toEqual(goodbye);
  expect([one.received, two.received]).toEqual([[], []]);
  expect(one.heard.length).toBe(two.heard.length);
  expectNothing(one.heard);
});

test('[PE23][PE24] a wrong key, somebody who is no member and somebody who was removed hear who is here from nobody', async () => {
  const forged = { ...dan, id: bo.id };
  for (const device of [forged, dan, cy]) {
    const intruder = await tryToEnter(device, await logOf(device));
    expect((await intruder.closed).code).toBe(CLOSE.forbidden);
    expectNothing(intruder.heard);
  }
  expect(ana.parts.workspaces.get(workspace).log.records).toEqual(records);
});

test('[PE23] what a member said on another connection holds on none, nor what the accepting end said itself', async () => {
  const honest = await Intruder.call(address, own());
  const log = await logOf(bo);
  await greet({ talk: honest, channel: honest.channel, device: bo }, log, 'link');
  // What the others must not hear is there to be heard.
  expect(secrets.some((secret) => honest.heard.includes(secret))).toBe(true);
  const replayed = await Intruder.call(address, own());
  for (const message of honest.sent) replayed.send(message);
  expect((await replayed.closed).code).toBe(CLOSE.forbidden);
  expect(replayed.received).toEqual([]);

  // Knowing the meeting key, somebody gets as far as the accepting end's claim, and says it as their own.
  const first = await Intruder.call(address, own());
  await greet({ talk: first, channel: first.channel, device: dan }, log, 'link').catch(() => undefined);
  const reflecting = await Intruder.call(address, own());
  const back = {
    dialed: true,
    receive: () => reflecting.receive(),
    send: (message: Uint8Array) => reflecting.send(reflecting.sent.length === 0 ? message : first.received[1]!),
  };
  await greet({ talk: back, channel: reflecting.channel, device: ana.parts.device }, log, 'link').catch(
    () => undefined,
  );
  reflecting.send(encodePeerFrame({ kind: 'key', key: Buffer.from(ana.parts.device.publicKey.x, 'base64url') }));
  expect((await reflecting.closed).code).toBe(CLOSE.forbidden);
  for (const { heard } of [replayed, first, reflecting]) expectNothing(heard);
});

test('[PE20][PE21] somebody in the middle who passes everything on gets neither end to go on', async () => {
  const inner: Intruder[] = [];
  const rogue = await rogueDoor('127.0.0.5', async (outer) => {
    const further = await Intruder.call(address, own());
    inner.push(further);
    const pass = async (from: Intruder, to: Intruder): Promise<never> => {
      for (;;) to.send(await from.receive());
    };
    await Promise.race([pass(outer, further), pass(further, outer)]).finally(() => outer.leave());
  });
  const second = await DoorComputer.start(bo, [records], { address: '127.0.0.3' });
  await expect(second.dial(rogue)).rejects.toMatchObject({ name: 'AppError' });
  expect((await inner[0]!.closed).code).toBe(CLOSE.forbidden);
  expect(rogue.intruders[0]!.received).toHaveLength(1);
  for (const { heard } of [...inner, ...rogue.intruders]) expectNothing(heard);
});

test('[PE21][PE24][PE27] whoever has a member call them learns as little', async () => {
  const log = await logOf(cy);
  const deaf = await rogueDoor('127.0.0.5', async (intruder) => intruder.send(await intruder.receive()));
  const removed = await rogueDoor('127.0.0.5', async (intruder) => {
    const parts = { talk: intruder, channel: intruder.channel, device: cy };
    await exchangeLogs(intruder, log, await welcome(parts, [log], NO_CODES));
  });
  for (const { address: there, intruders } of [deaf, removed]) {
    const dialing = ana.parts.door!.dial(workspace, there, 'link');
    await expect(dialing).rejects.toMatchObject({ code: 'not-allowed', details: { closeCode: CLOSE.forbidden } });
    expect((await intruders[0]!.closed).code).toBe(CLOSE.forbidden);
    expectNothing(intruders[0]!.heard);
  }
});

test('[PE22] another version than the best that both speak is refused, and none in common is said', async () => {
  const second = await DoorComputer.start(bo, [records], { address: '127.0.0.3', versions: [2, 1] });
  const meeting = await meetingKey(records[0]!);
  const answering = (versions: readonly number[]) => async (intruder: Intruder) => {
    const said = new Said(intruder.channel);
    const greeting = await intruder.receive();
    said.add(greeting);
    const answer = encodeOpening({ kind: 'answer', version: 1, versions, nonce: Buffer.alloc(32, 7), code: NO_CODE });
    intruder.send(withProof(answer, knowledgeProof(meeting, 'accepting', said.hash, answer)));
    await intruder.receive().finally(() => intruder.leave());
  };
  const lowering = await rogueDoor('127.0.0.5', answering([2, 1]));
  await expect(second.dial(lowering)).rejects.toMatchObject({ code: 'not-allowed' });
  expect(lowering.intruders[0]!.received).toHaveLength(1);
  // The same from an honest older program is what there is.
  const older = await rogueDoor('127.0.0.5', answering([1]));
  await second.dial(older).catch(() => undefined);
  expect(older.intruders[0]!.received).toHaveLength(2);

  // A list that was cut on the way is not what was proved.
  const cut = await Intruder.call(address, own());
  const said = new Said(cut.channel);
  const opening = { kind: 'greeting', purpose: 1, nonce: Buffer.alloc(32, 7), code: NO_CODE } as const;
  const proved = encodeOpening({ ...opening, versions: [3, 1] });
  const proof = knowledgeProof(meeting, 'dialing', said.hash, proved);
  cut.send(withProof(encodeOpening({ ...opening, versions: [1] }), proof));
  expect((await cut.closed).code).toBe(CLOSE.forbidden);

  const newer = await DoorComputer.start(bo, [records], { address: '127.0.0.4', versions: [2] });
  const strange = newer.door.dial(workspace, address, 'link');
  await expect(strange).rejects.toMatchObject({ details: { closeCode: CLOSE.version } });
  expect(readGreeting(cut.sent[0]!)?.opening.versions).toEqual([1]);
});
