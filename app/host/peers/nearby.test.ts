// Where a computer announces itself, as workspaces come and go; on doubles of everything around it.
import { expect, it } from 'vitest';
import { meetingKey } from '../../../shared/access/meeting-key.ts';
import { FakeClock } from '../../../shared/base/clock.ts';
import { Emitter } from '../../../shared/base/emitter.ts';
import { silentLogger } from '../../../shared/base/logger.ts';
import type { Rehearsal } from '../rehearsal.ts';
import type { Workspace } from '../workspace.ts';
import type { Workspaces } from '../workspaces.ts';
import type { Multicast } from './discovery/multicast.ts';
import { Nearby } from './nearby.ts';
import type { Peers } from './peers.ts';

it('[PE40] a workspace that goes from this computer while its tags are made is not announced', async () => {
  const quiet = new Emitter<never>().event;
  const removed = new Emitter<string>();
  const workspace = {
    id: 'w',
    log: { records: ['first'], membership: { devices: new Map() }, onChange: quiet },
    onChange: quiet,
    entry: () => ({ mine: 'member' }),
  } as unknown as Workspace;
  const all = [workspace];
  const workspaces = {
    all,
    find: (id: string) => all.find((one) => one.id === id) ?? null,
    onAdded: quiet,
    onRemoved: removed.event,
  } as unknown as Workspaces;
  const said: unknown[] = [];
  const multicast: Multicast = {
    ...{ onHeard: quiet, networks: [], open: 1, refresh: () => undefined, ask: () => undefined },
    say: (packet) => void said.push(packet([])),
    ...{ leave: () => Promise.resolve(), close: () => Promise.resolve() },
  };
  const clock = new FakeClock();
  const nearby = new Nearby({
    ...{ device: 'd', links: true, listen: null, clock, logger: silentLogger, workspaces },
    settings: { discovers: () => true, setDiscovers: () => Promise.resolve() },
    rehearsal: { isOn: false, onChange: quiet, demandLinks: () => undefined } as unknown as Rehearsal,
  });
  const peers = { onChange: quiet, use: () => undefined, list: () => [] } as unknown as Peers;
  const door = { port: 4_711, dial: () => Promise.reject(new Error('not here')), close: () => Promise.resolve() };
  nearby.join({ peers, door, multicast });
  // It has begun to look at what is here, and waits for the key.
  await Promise.resolve();
  await Promise.resolve();
  all.pop();
  removed.fire('w');
  for (let turns = 0; turns < 20; turns += 1) {
    await meetingKey('first');
    await new Promise((resolve) => setImmediate(resolve));
  }
  clock.advance(120_000);
  expect(said).toEqual([]);
  await nearby.close();
  expect(clock.pending).toBe(0);
});
