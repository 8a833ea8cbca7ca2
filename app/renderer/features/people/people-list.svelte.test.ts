// Who knows about something, while the host still reads what was written: the answer that is shown is not the one of a moment ago for good.
import { expect, test } from 'vitest';
import { FakeClock } from '../../../../shared/base/clock.ts';
import { Emitter } from '../../../../shared/base/emitter.ts';
import type { ConnectionStatus, HostConnection } from '../../connection/host-connection.ts';
import { PeopleList } from './people-list.svelte.ts';

const settled = async (): Promise<void> => {
  for (let at = 0; at < 20; at += 1) await Promise.resolve();
};

/** A host that has so many documents still to read, and counts who is asked for. */
function station(waiting: number) {
  const clock = new FakeClock();
  const status = new Emitter<ConnectionStatus>();
  const news = new Emitter<{ event: string; workspace: string }>();
  const host = { waiting, asked: 0 };
  const connection = {
    onStatus: status.event,
    onAnnouncement: news.event,
    call: (name: string) => {
      if (name === 'people.list') return Promise.resolve({ people: [] });
      if (name === 'people.following') return Promise.resolve({ members: [], topics: [] });
      host.asked += 1;
      return Promise.resolve({ asked: ['snapshots'], people: [], complete: true, waiting: host.waiting });
    },
  } as unknown as HostConnection;
  return { host, clock, list: new PeopleList(connection, clock, 'w') };
}

test('[P2] who knows is asked again as long as documents are to be read, and not once they were', async () => {
  // A screen that was asked a moment too early said "2 documents will be read soon" until something else was typed.
  const { host, clock, list } = station(2);
  list.words = 'who knows about snapshots';
  clock.advance(150);
  await settled();
  expect([host.asked, list.knows?.waiting]).toEqual([1, 2]);
  host.waiting = 0;
  clock.advance(1_000);
  await settled();
  expect([host.asked, list.knows?.waiting]).toEqual([2, 0]);
  clock.advance(60_000);
  await settled();
  expect(host.asked).toBe(2);
});

test('[P2] a list that is gone asks nobody, and neither does an empty field', async () => {
  const { host, clock, list } = station(2);
  list.words = 'snapshots';
  clock.advance(150);
  await settled();
  list.words = '';
  clock.advance(60_000);
  await settled();
  expect(host.asked).toBe(1);
  list.words = 'snapshots';
  clock.advance(150);
  list.dispose();
  await settled();
  clock.advance(60_000);
  await settled();
  expect(host.asked).toBe(2);
});
