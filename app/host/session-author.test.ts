// Somebody who may write in a page hands over a session in another's name: it is history, and nobody's. Rule SG16.
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createDeviceKey } from '../../shared/access/device-key.ts';
import type { DeviceKey } from '../../shared/access/identity.ts';
import { encodeSegmentBody, joinSignature } from '../../shared/hub/history/segment.ts';
import { segmentSigner } from '../../shared/node/segment-signer.ts';
import { HostBench } from '../../tests/support/host.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

function update(words: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('body').insert(0, words);
  return Y.encodeStateAsUpdate(doc);
}

/** A segment of version 1 as the hub with this key could sign it, about whomever it likes. */
async function signed(by: DeviceKey, room: string, who: { device: string; member: string }, at: number) {
  const signer = segmentSigner(by);
  const updates = [{ at, update: update(`words of ${String(at)}`) }];
  const content = { base: false, room, ...who, signer: signer.publicKey, clients: [], startedAt: at, endedAt: at };
  const body = encodeSegmentBody({ ...content, updates });
  const bytes = joinSignature(body, await signer.sign(body));
  return { hash: await signer.hash(bytes), bytes };
}

it('[SG16] a session counts as the device’s that signed it, or as a relay of the workspace says; another’s word for it counts for nothing', async () => {
  const host = await bench.start(await bench.folder(), { links: false });
  const { id: workspace, member } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await host.call('space.list', { workspace });
  const place = { workspace, space: space!.id, kind: 'page', parent: null } as const;
  const { id: document, room } = await host.call('doc.create', { ...place, title: 'Plan' });
  const { device } = host.parts;
  const [stranger, relay, former] = [await createDeviceKey(), await createDeviceKey(), await createDeviceKey()];
  const { log } = host.parts.workspaces.get(workspace);
  for (const { publicKey: key } of [former, relay])
    await log.append({ verb: 'relay.set', key, url: 'ws://127.0.0.1:1' });

  const me = { device: device.id, member };
  const now = host.parts.clock.now() - 3_600_000;
  const brought = new Map<string, string>();
  for (const [at, [name, key, who]] of (
    [
      ['forged', stranger, me],
      ['forged as a command', stranger, { device: device.id, member: '' }],
      ['by itself', device, me],
      ['by itself, as somebody else', device, { ...me, member: 'somebody' }],
      ['by the relay', relay, me],
      ['by a former relay', former, me],
      ['by the relay, of nobody', relay, { device: '', member: '' }],
    ] as const
  ).entries()) {
    const { hash, bytes } = await signed(key, room, who, now + at);
    expect(await host.parts.history.addSegment(workspace, hash, bytes, room)).toEqual({ kind: 'stored' });
    brought.set(hash, name);
  }

  const nobody = { device: '', member: '' };
  const expected = {
    forged: nobody,
    'forged as a command': nobody,
    'by itself': me,
    'by itself, as somebody else': me,
    'by the relay': me,
    'by a former relay': me,
    'by the relay, of nobody': nobody,
  };
  const listed = (await host.call('doc.history', { workspace, document })).filter(({ segment }) =>
    brought.has(segment),
  );
  const told = listed.map((one) => [brought.get(one.segment), { device: one.device, member: one.member }]);
  expect(Object.fromEntries(told)).toEqual(expected);
  const asked = await host.call('page.sessions', { workspace, document });
  if (asked.state !== 'ready') throw new Error('it is still being put together');
  const sessions = asked.sessions.filter(({ id }) => brought.has(id));
  expect(Object.fromEntries(sessions.map((one) => [brought.get(one.id), one.by]))).toMatchObject({
    forged: 'unsigned',
    'forged as a command': 'unsigned',
    'by itself': 'typing',
    'by the relay': 'typing',
  });
});
