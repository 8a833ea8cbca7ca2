// Two to four computers of one member, words of colleagues in any order: the inbox and its count are the same on each, and the same as made from nothing.
import { cp } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../app/host/host.ts';
import { HostBench } from '../support/host.ts';
import { InboxRun, type Places } from './inbox-run.ts';

const SEEDS = Number(process.env['CARAVAN_SEEDS'] ?? (process.env['CARAVAN_LONG'] ? 60 : 2));
const FIRST = Number(process.env['CARAVAN_FIRST_SEED'] ?? 1);

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** The same workspace on several computers that hear of nothing by themselves. */
async function computers(count: number): Promise<{ hosts: Host[]; places: Places }> {
  const folder = await bench.folder();
  const first = await bench.start(folder, { links: false });
  const { id: workspace, member: me } = await first.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const space = (await first.call('space.list', { workspace }))[0]?.id ?? '';
  const make = (kind: 'page' | 'board') =>
    first.call('doc.create', { workspace, space, kind, title: kind, parent: null });
  const [page, board] = [await make('page'), await make('board')];
  const threads: string[] = [];
  for (const type of ['discussion', 'question', 'idea'] as const) {
    threads.push((await first.call('thread.begin', { workspace, space, type, title: type, text: 'Begun' })).room);
  }
  await bench.stop(first);
  const hosts: Host[] = [];
  for (let number = 0; number < count; number += 1) {
    const copy = number === 0 ? folder : await bench.folder();
    if (number > 0) await cp(folder, copy, { recursive: true });
    hosts.push(await bench.start(copy, { links: false }));
  }
  return { hosts, places: { workspace, space, me, page: page.room, board: board.room, threads } };
}

it(
  `[T18] [IB2] inboxes and counts are equal on every computer and when made from nothing, in ${String(SEEDS)} runs from seed ${String(FIRST)}`,
  { timeout: 60_000 + SEEDS * 10_000 },
  async () => {
    const sum = { new: 0, done: 0, snoozed: 0 };
    const reasons = new Set<string>();
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
      const { hosts, places } = await computers(2 + (seed % 3));
      const run = new InboxRun(seed, hosts, places);
      const figures = await run.run(50 + (seed % 3) * 20).catch((error: unknown) => {
        throw new Error(`seed ${String(seed)}: ${String(error)}\n${run.log.slice(-30).join('\n')}`, { cause: error });
      });
      for (const key of ['new', 'done', 'snoozed'] as const) sum[key] += figures[key];
      for (const reason of figures.reasons) reasons.add(reason);
      await Promise.all(hosts.map((host) => bench.stop(host)));
    }
    // They were no empty runs.
    expect(sum.new).toBeGreaterThan(SEEDS);
    if (SEEDS < 4) return;
    expect(sum.done).toBeGreaterThan(SEEDS / 4);
    expect([...reasons]).toEqual(expect.arrayContaining(['mention', 'assigned', 'post']));
  },
);
