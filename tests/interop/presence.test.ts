// Presence on real sockets: a host process, a relay process and stock y-websocket clients; drops, forged ids, ghosts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { encodeAwareness } from '../../shared/protocol/room-frames.ts';
import { encodePresence } from '../../shared/link/presence.ts';
import { hostBehindProxy, synced, until } from '../support/host-behind-proxy.ts';
import { stockClient, type StockClient } from '../support/stock-client.ts';
import { temporaryFolder } from '../support/temp-folder.ts';
import { offender } from './hostile/honest.ts';
import * as updates from './hostile/updates.ts';
import { builtPrograms, type Programs, type Victim } from './hostile/victim.ts';

let programs: Programs;
beforeAll(() => {
  programs = builtPrograms();
});
afterAll(() => programs.dispose());

const ROOM = 'team/space/page';
const say = (client: StockClient, what: string): void => client.provider.awareness.setLocalState({ what });
const sees = (client: StockClient, what: string): boolean =>
  [...client.provider.awareness.getStates().values()].some((state) => state['what'] === what);
const idOf = ({ provider }: StockClient): number => provider.awareness.clientID;

describe('a relay that drops', () => {
  test('[PR8] wipes nobody: windows go on seeing each other and whom they knew, and all are there when it is back', async () => {
    const made = await hostBehindProxy(programs);
    const [one, two, guest] = [made.window(), made.window(), made.guest()];
    await Promise.all([synced(one), synced(two), synced(guest)]);
    say(one, 'one');
    say(two, 'two');
    say(guest, 'guest');
    const all = [one, two, guest];
    await until(() => all.every((client) => ['one', 'two', 'guest'].every((what) => sees(client, what))), 'all of all');
    let left = 0;
    for (const window of [one, two]) {
      window.provider.awareness.on('change', ({ removed }: { removed: number[] }) => (left += removed.length));
    }
    // The line is cut, then the relay is killed: the windows hear neither.
    for (let cut = 0; cut < 3; cut += 1) {
      const dials = made.proxy.dials;
      made.proxy.cut();
      await until(() => made.proxy.dials > dials, 'the link is back');
    }
    await made.relay.end('SIGKILL');
    await until(() => made.proxy.open === 0, 'the link is down');
    say(one, 'one more');
    await until(() => sees(two, 'one more'), 'the windows go on');
    expect([sees(one, 'two'), sees(one, 'guest'), sees(two, 'guest')]).toEqual([true, true, true]);
    guest.destroy();
    made.relay = await programs.startRelay(made.data);
    made.proxy.target = made.relay.port;
    const newcomer = made.guest();
    await synced(newcomer);
    await until(() => sees(newcomer, 'one more') && sees(newcomer, 'two'), 'the relay knows the windows again');
    // Who left while the relay was gone was never said to have left: it goes by its time.
    await until(() => !sees(one, 'guest') && !sees(two, 'guest'), 'gone by its time', 60_000);
    expect(left).toBe(2);
    expect([sees(one, 'two'), sees(two, 'one more')]).toEqual([true, true]);
    expect(sees(newcomer, 'guest')).toBe(false);
  }, 150_000);

  test('[PR2] a client id that is forged through the relay takes no window’s presence', async () => {
    const made = await hostBehindProxy(programs);
    const [one, two, guest] = [made.window(), made.window(), made.guest()];
    await Promise.all([synced(one), synced(two), synced(guest)]);
    say(one, 'one');
    await until(() => sees(two, 'one'), 'the window is seen');
    const forger = await offender(`ws://127.0.0.1:${made.relay.port}/${made.room}`);
    for (const state of ['{"what":"forged"}', 'null']) {
      for (const clock of [1_000, 2 ** 40]) {
        forger.socket.send(encodeAwareness(encodePresence([{ client: idOf(one), clock, state }])));
      }
    }
    forger.socket.send(encodeAwareness(encodePresence([{ client: 4_711, clock: 1, state: '{"what":"the end"}' }])));
    await until(() => sees(two, 'the end'), 'everything before it has arrived');
    expect([sees(two, 'forged'), sees(one, 'one'), sees(two, 'one')]).toEqual([false, true, true]);
    say(one, 'still one');
    await until(() => sees(two, 'still one'), 'the window is heard');
    forger.socket.close();
  }, 90_000);
});

describe('stock clients at a relay', () => {
  const url = (relay: Victim): string => `ws://127.0.0.1:${relay.port}`;

  test('[PR3] [PR8] a client that comes back takes its client id over; one that vanishes without a close is gone', async () => {
    const relay = await programs.startRelay(await temporaryFolder());
    const [ana, bo] = [stockClient(url(relay), ROOM), stockClient(url(relay), ROOM)];
    await Promise.all([synced(ana), synced(bo)]);
    say(ana, 'ana');
    await until(() => sees(bo, 'ana'), 'Bo sees Ana');
    for (let drop = 0; drop < 5; drop += 1) {
      // The line of the stock provider breaks under it; it comes back by itself, under the same client id.
      (ana.provider.ws as unknown as WebSocket).terminate();
      await until(() => !ana.provider.wsconnected, 'away');
      await until(() => ana.provider.synced, 'back');
      say(ana, drop < 4 ? `ana ${drop}` : 'ana again');
      await until(() => sees(bo, drop < 4 ? `ana ${drop}` : 'ana again'), 'heard again');
    }
    expect([...bo.provider.awareness.getStates().keys()].sort()).toEqual([idOf(ana), idOf(bo)].sort());
    ana.provider.shouldConnect = false;
    (ana.provider.ws as unknown as WebSocket).terminate();
    await until(() => !sees(bo, 'ana again'), 'gone', 45_000);
    expect(await relay.end()).toBe(0);
  }, 90_000);

  test('[PR6] ten thousand client ids from one socket are 64 ghosts, and leave with it', async () => {
    const relay = await programs.startRelay(await temporaryFolder());
    const bo = stockClient(url(relay), ROOM);
    await synced(bo);
    const before = await relay.memory();
    const crowd = await offender(`${url(relay)}/${ROOM}`);
    for (let from = 0; from < 10_000; from += 10) {
      crowd.socket.send(updates.crowd(10, 1_000 + from, '{"what":"a ghost"}'));
    }
    await until(() => sees(bo, 'a ghost'), 'some are seen');
    bo.write('after them');
    const late = stockClient(url(relay), ROOM);
    await until(() => late.text === 'after them', 'the relay goes on');
    expect(bo.provider.awareness.getStates().size).toBeLessThanOrEqual(2 + 64);
    crowd.socket.terminate();
    await until(() => !sees(bo, 'a ghost') && !sees(late, 'a ghost'), 'they leave with their socket');
    expect((await relay.memory()) - before).toBeLessThan(10 * 1024 * 1024);
    late.destroy();
    bo.destroy();
    expect(await relay.end()).toBe(0);
  }, 60_000);
});
