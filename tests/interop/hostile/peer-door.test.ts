// The door of a host process under attack from the network: it lives, its memory comes back, and members come in.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { greet } from '../../../app/host/peers/handshake.ts';
import { encodePeerLogFrame } from '../../../shared/protocol/peer-log-frames.ts';
import { createDeviceKey } from '../../../shared/access/device-key.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import { Intruder } from '../../support/door-intruder.ts';
import { joinedDevice } from '../../support/joined-device.ts';
import { DoorComputer } from '../../support/doors.ts';
import { HostBench } from '../../support/host.ts';
import { raw } from './raw.ts';
import { builtPrograms, type Programs } from './victim.ts';

const MiB = 1024 * 1024;
const LEFT_BEHIND = 60 * MiB;

let programs: Programs;
beforeAll(() => {
  programs = builtPrograms();
});
afterAll(() => programs.dispose());

test('[PE29] noise, floods, half-open connections and lists of members without end leave nothing behind', async () => {
  const bench = new HostBench();
  onTestFinished(() => bench.dispose());
  const folder = await bench.folder();
  const maker = await bench.start(folder);
  const { id: workspace } = await maker.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const { log } = maker.parts.workspaces.get(workspace);
  const bo = await joinedDevice(log);
  const { records } = log;
  await bench.stop(maker);
  const host = await programs.startHost(folder);
  onTestFinished(async () => void (await host.end()));
  const settings = JSON.parse(await readFile(path.join(folder, 'settings.json'), 'utf8')) as { peerPort: number };
  const address = { host: '127.0.0.1', port: settings.peerPort };
  const member = await DoorComputer.start(bo, [records], { address: '127.0.0.3' });
  await member.dial({ address });
  const before = await host.memory();

  // A connection that says nothing, one that speaks no TLS, and messages that are none.
  const silent = await Promise.all(Array.from({ length: 6 }, () => raw(address.port)));
  for (const socket of silent.slice(3)) socket.send(Buffer.alloc(1 * MiB, 7));
  const noise = new Uint8Array(4 * MiB);
  for (let turn = 0; turn < 6; turn += 1) {
    const intruder = await Intruder.call(address, `127.0.2.${turn + 1}`);
    for (let message = 0; message < 4; message += 1) intruder.send(noise);
    await intruder.closed;
  }
  // Who got hold of the list of members and is none: records without end.
  const stranger = await createDeviceKey();
  const record = 'x'.repeat(8_000);
  const endless = encodePeerLogFrame({
    kind: 'records',
    more: true,
    from: 0,
    word: '',
    records: Array.from({ length: 30 }, () => record),
  });
  await Promise.all(
    Array.from({ length: 4 }, async (_, turn) => {
      const intruder = await Intruder.call(address, `127.0.3.${turn + 1}`);
      await greet({ talk: intruder, channel: intruder.channel, device: stranger }, member.log, 'link');
      intruder.send(encodePeerLogFrame({ kind: 'have', standing: 'member', length: 90_000, locator: [], pending: '' }));
      for (let sent = 0; sent < LIMITS.peerRecords + MiB; sent += endless.length) intruder.send(endless);
      await intruder.closed;
    }),
  );
  await member.dial({ address }, 'link');
  await Promise.all(silent.map((socket) => socket.gone));
  let after = await host.memory();
  const end = Date.now() + 20_000;
  while (after > before + LEFT_BEHIND && Date.now() < end) after = await host.memory();
  expect(after - before).toBeLessThan(LEFT_BEHIND);
  expect(host.alive).toBe(true);
  expect(await host.end()).toBe(0);
});
