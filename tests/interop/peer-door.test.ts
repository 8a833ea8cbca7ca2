// The door of a host, between real sockets: who is let in, and that nobody else learns anything.
import { expect, test } from 'vitest';
import type { PeerConnection } from '../../app/host/peers/peer-connection.ts';
import { DoorComputer } from '../support/doors.ts';
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

test('two members prove themselves to each other, and the next message is the purpose’s', async () => {
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

test('whichever end knows more hands it on, also to an end that knows the other not yet', async () => {
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
