// A new member's host fetches a workspace of many pages from a relay: the open page first, progress, and an end half way.
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Host } from '../../app/host/host.ts';
import { decodeRoomFrame, encodeStep1 } from '../../shared/protocol/room-frames.ts';
import { startRelay, type Relay } from '../../server/relay.ts';
import { readSettings } from '../../server/settings.ts';
import { eventually } from '../support/eventually.ts';
import { HostBench } from '../support/host.ts';
import { largePageId, largePageTitle, makeLargeWorkspace, type LargeWorkspace } from '../support/large-workspace.ts';
import { Pipe } from '../support/pipe.ts';

const PAGES = 1_200;
let bench: HostBench;
let relay: Relay;
let made: LargeWorkspace;
let link: string;

/** A relay that has the pages of a member who is away now. */
beforeEach(async () => {
  bench = new HostBench();
  relay = await startRelay(
    readSettings({ flags: { data: await bench.folder(), port: 0, open: true }, environment: {} }),
  );
  const data = await bench.folder();
  made = await makeLargeWorkspace(data, PAGES);
  const ana = await bench.start(data);
  const { workspace } = made;
  ({ link } = await ana.call('relay.attach', { workspace, url: relay.url.replace('ws:', 'http:') }));
  expect(await ana.call('sync.wait', { workspace, timeout: 60_000 })).toMatchObject({ done: true });
  await bench.stop(ana);
});
afterEach(async () => {
  await bench.dispose();
  await relay.close();
});

async function pagesOf(host: Host): Promise<string[]> {
  const listed = await host.call('doc.list', { workspace: made.workspace });
  return listed.map(({ title }) => title).sort();
}

const ALL = Array.from({ length: PAGES }, (_, at) => largePageTitle(at)).sort();

/** How many documents were here, and how many were to come, each time that the host told. */
function tellings(host: Host): readonly [number, number][] {
  const told: [number, number][] = [];
  host.onAnnouncement((announcement) => {
    if (announcement.event === 'truths') told.push([announcement.truths.fetched, announcement.truths.fetching]);
  });
  return told;
}

/** How many documents were here when the host told; ends with the first telling for which `enough` holds. */
function truthsUntil(host: Host, enough: (fetched: number, fetching: number) => boolean): Promise<[number, number][]> {
  return new Promise((resolve) => {
    const told: [number, number][] = [];
    const hearing = host.onAnnouncement((announcement) => {
      if (announcement.event !== 'truths') return;
      const { fetched, fetching } = announcement.truths;
      told.push([fetched, fetching]);
      if (!enough(fetched, fetching)) return;
      hearing.dispose();
      resolve(told);
    });
  });
}

it('[X9] the page that a window has open comes before the others, and the counts say how far it is', async () => {
  const bo = await bench.start(await bench.folder());
  const { workspace, space } = made;
  const hearing = tellings(bo);
  await bo.call('workspace.join', { link, name: 'Bo' });
  // By a link to the page, before any list is here: the last one that would come.
  const window = new Pipe();
  const doc = new Y.Doc();
  const shown = new Promise<number>((resolve) => {
    window.a.onMessage((message) => {
      const frame = decodeRoomFrame(message);
      if (frame?.kind !== 'step2' && frame?.kind !== 'update') return;
      Y.applyUpdate(doc, frame.update);
      if (doc.getText('title').length === 0) return;
      void bo.call('workspace.truths', { workspace }).then(({ fetched }) => resolve(fetched));
    });
  });
  bo.serveRoom(`${workspace}/${space}/${largePageId(PAGES - 1)}`, false, window.b);
  window.a.send(encodeStep1(Y.encodeStateVector(doc)));
  expect(await shown).toBeLessThan(PAGES / 3);
  expect(doc.getText('title').toString()).toBe(largePageTitle(PAGES - 1));
  expect(await bo.call('sync.wait', { workspace, timeout: 60_000 })).toMatchObject({ done: true });
  const all = hearing.map(([here]) => here);
  const told = hearing.slice(0, all.indexOf(Math.max(...all))).filter(([, fetching]) => fetching > 0);
  const fetched = told.map(([here]) => here);
  expect(fetched).toEqual(fetched.toSorted((a, b) => a - b));
  // How much there is in all is told while it comes. Rooms that are open came before they were in any list.
  const most = Math.max(...told.filter(([here]) => here > 0).map(([here, coming]) => here + coming));
  expect(most).toBeGreaterThan(PAGES - 10);
  expect(await pagesOf(bo)).toEqual(ALL);
  window.a.close(1000, '');
});

it('[X9] ended half way, it goes on from there: what was here is whole and is not fetched again', async () => {
  const folder = await bench.folder();
  const { workspace } = made;
  const first = await bench.start(folder);
  const half = truthsUntil(first, (fetched) => fetched > PAGES / 4);
  await first.call('workspace.join', { link, name: 'Bo' });
  await half;
  await bench.stop(first);

  // Without a link: exactly what came, each page with its whole text and in the lists.
  const offline = await bench.start(folder, { links: false });
  // The lists may be behind what is here when a host ends; the next one reads on from there.
  await eventually(async () => expect((await pagesOf(offline)).length).toBeGreaterThan(PAGES / 5));
  expect((await pagesOf(offline)).length).toBeLessThan(PAGES);
  const [some] = await offline.call('doc.list', { workspace });
  const { content } = await offline.call('doc.show', { workspace, document: some!.id });
  expect(String(content).length).toBeGreaterThan(1_000);
  await bench.stop(offline);

  const again = await bench.start(folder);
  const rest = truthsUntil(again, (fetched, fetching) => fetched > 0 && fetching === 0);
  expect(await again.call('sync.wait', { workspace, timeout: 60_000 })).toMatchObject({ done: true });
  expect(await pagesOf(again)).toEqual(ALL);
  const most = Math.max(...(await rest).map(([here, coming]) => here + coming));
  // Cursors are stored every second: what came in the last one is compared again, without its text.
  expect(most).toBeLessThan(PAGES);
});
