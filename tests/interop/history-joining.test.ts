// Who joins later has the past that was shortened before: a base comes over the relay like any session, and tells what stood there then.
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Host } from '../../app/host/host.ts';
import { decodeSegment } from '../../shared/hub/history/segment.ts';
import { registrationKey } from '../support/access-team.ts';
import { HostBench, until } from '../support/host.ts';
import { bundleRelay, startRelayProcess, type RelayBundle } from '../support/relay-process.ts';

const SESSIONS = 6;

let bundle: RelayBundle;
let bench: HostBench;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** One editing session that puts other words in place of those that are there; resolves with a time at which they stood, once it is history. */
async function rewritten(host: Host, room: string, words: string): Promise<number> {
  const { hub, device, history } = host.parts;
  const opened = await hub.open(room, { device: device.id, member: null });
  if (opened.kind === 'refused') throw new Error(opened.reason);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, opened.room.diff(Uint8Array.of(0)), 'hub');
  const stored: Promise<unknown>[] = [];
  const origin = {};
  doc.on('update', (update: Uint8Array) => stored.push(opened.room.apply(update, origin, 'socket')));
  const body = doc.getText('body');
  body.delete(0, body.length);
  body.insert(0, words);
  await Promise.all(stored);
  opened.room.dispose();
  await history.settled();
  const at = Date.now();
  await until('the clock has moved on', () => Date.now() > at);
  return at;
}

async function bases(host: Host, room: string): Promise<number> {
  const [workspace = '', space = ''] = room.split('/');
  const { history } = host.parts;
  let found = 0;
  for (const ref of await history.segmentsAfter(workspace, space, 0, 10_000)) {
    const bytes = ref.room === room && (await history.readSegment(workspace, ref.hash));
    if (bytes && decodeSegment(bytes)?.base) found += 1;
  }
  return found;
}

test('[SG15] [SW1] a base that was made before anybody else was there reaches who joins later, and the states that rest on it are told', async () => {
  const ana = await bench.start(await bench.folder());
  const { id: workspace } = await ana.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await ana.call('space.list', { workspace });
  const where = { workspace, space: space!.id, kind: 'page', title: 'Plan', parent: null } as const;
  const { id: document, room } = await ana.call('doc.create', where);
  const times: number[] = [];
  const wordsOf = (session: number): string => `session ${session} ${`${session} little words `.repeat(300)}`;
  for (let session = 0; session < SESSIONS; session += 1) {
    times.push(await rewritten(ana, room, wordsOf(session)));
  }
  const { history } = ana.parts;
  history.keep({ days: 0, bytes: Math.floor(history.counts.bytes * 0.7) });
  await history.prune();
  expect(await bases(ana, room)).toBe(1);

  const relayFolder = path.join(await bench.folder(), 'relay');
  const relay = await startRelayProcess(bundle, ['serve', '--data', relayFolder, '--port', '0']);
  await ana.call('relay.attach', { workspace, url: relay.url, key: registrationKey(relayFolder) });
  await ana.call('sync.wait', { workspace, timeout: 20_000 });
  const { link } = await ana.call('invite.create', { workspace });
  const bo = await bench.start(await bench.folder());
  await bo.call('workspace.join', { link, name: 'Bo' });
  const kept = (await ana.call('doc.history', { workspace, document })).map(({ segment }) => segment);
  await until('Bo has the page and its history', async () => {
    const known = await bo.call('doc.list', { workspace });
    if (!known.some(({ id }) => id === document)) return false;
    const theirs = (await bo.call('doc.history', { workspace, document })).map(({ segment }) => segment);
    return kept.every((segment) => theirs.includes(segment)) && (await bases(bo, room)) === 1;
  });
  await bench.stop(ana);
  await relay.end('SIGTERM');

  const told = await Promise.all(times.map((at) => bo.call('doc.showAt', { workspace, document, at })));
  const complete = told.map((one) => (one['history'] as { complete: boolean }).complete);
  // The first are gone for everybody; the last one that was removed is told by the base alone.
  const first = complete.indexOf(true);
  expect(complete.slice(first).every(Boolean)).toBe(true);
  expect([first > 0, first < SESSIONS - 1]).toEqual([true, true]);
  expect(first).toBe(SESSIONS - 1 - kept.length);
  for (let session = first; session < SESSIONS; session += 1) {
    expect(told[session]!['content']).toContain(`session ${session}`);
    expect(told[session]!['content']).not.toContain(`session ${session - 1}`);
  }
});
