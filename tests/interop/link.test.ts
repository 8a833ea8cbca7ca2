// Shows the link between real hubs on LevelDB over real WebSockets: two members and a relay that comes, goes and is wiped.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { Link } from '../../shared/link/link.ts';
import { WebSocketTransport } from '../../shared/node/ws-transport.ts';
import { transportContract } from '../contracts/transport-contract.ts';
import { Gate, roomOf, Station } from './link-bench.ts';
import { eventually } from '../support/eventually.ts';

transportContract('WebSocket', async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise((resolve) => client.once('open', resolve));
  return {
    a: new WebSocketTransport(client),
    b: new WebSocketTransport(await accepted),
    dispose: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
});

const stations: Station[] = [];
const running = new Set<Station>();
const gates: Gate[] = [];
const links: Link[] = [];

afterEach(async () => {
  await Promise.all(links.splice(0).map((link) => link.close()));
  await Promise.all(gates.splice(0).map((gate) => gate.close()));
  await Promise.all([...running].map((station) => station.stop()));
  running.clear();
  await Promise.all(stations.splice(0).map((station) => station.remove()));
});

async function station(folder?: string): Promise<Station> {
  const started = await Station.start(folder);
  stations.push(started);
  running.add(started);
  return started;
}

async function stop(stopped: Station): Promise<void> {
  running.delete(stopped);
  await stopped.stop();
}

async function gate(relay: Station): Promise<Gate> {
  const opened = await new Gate(relay).listen();
  gates.push(opened);
  return opened;
}

async function link(member: Station, to: Gate): Promise<Link> {
  const made = member.link(to.dial);
  links.push(made);
  await made.start();
  return made;
}

const settled = (...all: Link[]): Promise<unknown> => Promise.all(all.map((one) => one.settled()));

describe('[LK] links over WebSockets between hubs on LevelDB', () => {
  it('[LP1] [LP9] two members write in one pinned page and see each other’s words at once', async () => {
    const [ana, bo, relay] = [await station(), await station(), await station()];
    await ana.type('page', 'start');
    const to = await gate(relay);
    const [a, b] = [await link(ana, to), await link(bo, to)];
    await settled(a);
    await eventually(async () => expect(await bo.text('page')).toBe('start'));
    const pins = [a.pin(roomOf('page')), b.pin(roomOf('page'))];
    await settled(a, b);
    const handle = await bo.hub.open(roomOf('page'), { device: null, member: null });
    if (handle.kind !== 'open') throw new Error('not open');
    for (let i = 0; i < 20; i += 1) {
      const arrived = new Promise<void>((resolve) => {
        const listening = handle.room.onUpdate(() => {
          listening.dispose();
          resolve();
        });
      });
      await ana.type('page', String(i % 10));
      await arrived;
    }
    handle.room.dispose();
    expect(await bo.text('page')).toBe('start01234567890123456789');
    for (const pin of pins) pin.dispose();
    await settled(a, b);
    expect(a.outbox()).toEqual([]);
  });

  it('[LP2] both go on while the relay is gone, and have every word after it is back, restarted', async () => {
    const [ana, bo, relay] = [await station(), await station(), await station()];
    await ana.type('page', 'start ');
    const to = await gate(relay);
    const [a, b] = [await link(ana, to), await link(bo, to)];
    await settled(a);
    await settled(b);
    a.pin(roomOf('page'));
    b.pin(roomOf('page'));
    to.station = null;
    to.hangUp();
    await stop(relay);
    await ana.type('page', 'ana ');
    await bo.type('page', 'bo ');
    await bo.delete('page', 0, 6);
    await ana.type('new', 'a page');
    await eventually(() => expect(a.outbox().length).toBe(2));
    await eventually(() => expect(b.outbox().length).toBe(1));
    expect(a.status.state).not.toBe('online');
    to.station = await station(relay.folder);
    await settled(a);
    await settled(b);
    await settled(a);
    const [atA, atB] = [await ana.text('page'), await bo.text('page')];
    expect(atA).toBe(atB);
    expect([...atA.split(' ')].sort()).toEqual(['', 'ana', 'bo']);
    expect(await bo.text('new')).toBe('a page');
    expect([a.outbox(), b.outbox()]).toEqual([[], []]);
  });

  it('[LP3] survives connections that break again and again', async () => {
    const [ana, relay] = [await station(), await station()];
    for (let i = 0; i < 30; i += 1) await ana.type(`page${i}`, 'x'.repeat(100_000));
    await relay.type('theirs', 'y'.repeat(500_000));
    const to = await gate(relay);
    const made = await link(ana, to);
    let online = 0;
    let cuts = 0;
    made.onStatus(({ state }) => {
      if (state === 'online') online += 1;
    });
    const cutting = setInterval(() => {
      // Words were on their way in one direction or the other.
      if (made.status.state === 'online' && made.outbox().length + made.fetching > 0) cuts += 1;
      if (online < 8) to.cut();
      else clearInterval(cutting);
    }, 15);
    await eventually(() => expect(online).toBeGreaterThanOrEqual(8));
    await settled(made);
    clearInterval(cutting);
    expect(cuts).toBeGreaterThan(0);
    for (let i = 0; i < 30; i += 1) expect((await relay.text(`page${i}`)).length).toBe(100_000);
    expect((await ana.text('theirs')).length).toBe(500_000);
  });

  it('[LP5] [D10] a wiped relay is filled again by both members', async () => {
    const [ana, bo, relay] = [await station(), await station(), await station()];
    for (let i = 0; i < 10; i += 1) await ana.type(`ana${i}`, `text ${i}`);
    for (let i = 0; i < 10; i += 1) await bo.type(`bo${i}`, `text ${i}`);
    const to = await gate(relay);
    const [a, b] = [await link(ana, to), await link(bo, to)];
    await settled(a, b);
    await settled(a, b);
    to.station = null;
    to.cut();
    await stop(relay);
    const fresh = await station();
    to.station = fresh;
    await settled(a, b);
    for (let i = 0; i < 10; i += 1) {
      expect(await fresh.text(`ana${i}`)).toBe(`text ${i}`);
      expect(await fresh.text(`bo${i}`)).toBe(`text ${i}`);
    }
  });

  it('[LP6] a member that starts again knows its outbox before it is connected, and touches only what changed', async () => {
    const [ana, relay] = [await station(), await station()];
    for (let i = 0; i < 50; i += 1) await ana.type(`page${i}`, 'text');
    const to = await gate(relay);
    const first = await link(ana, to);
    await settled(first);
    await first.close();
    await stop(ana);
    to.station = null;
    const again = await station(ana.folder);
    await again.type('page7', ' more');
    const second = await link(again, to);
    expect(second.outbox().map(({ room }) => room)).toEqual([roomOf('page7')]);
    to.station = relay;
    await settled(second);
    expect(await relay.text('page7')).toBe('text more');
    expect(second.outbox()).toEqual([]);
  });

  it('[LP7] [D10] the first sync of 2,000 rooms is quick, and catching up 10 of them quicker', async () => {
    const [ana, relay] = [await station(), await station()];
    await Promise.all(Array.from({ length: 2_000 }, (_, i) => relay.type(`page${i}`, 'some words '.repeat(200))));
    const to = await gate(relay);
    const started = performance.now();
    const a = await link(ana, to);
    await settled(a);
    const took = performance.now() - started;
    expect((await ana.hub.changes('workspace', 'space', 0, 5_000)).length).toBe(2_000);
    to.station = null;
    to.cut();
    for (let i = 0; i < 10; i += 1) await relay.type(`page${i * 7}`, '!');
    to.station = relay;
    const restarted = performance.now();
    a.retryNow();
    await settled(a);
    const again = performance.now() - restarted;
    expect((await ana.text('page63')).endsWith('!')).toBe(true);
    process.stderr.write(`first sync of 2,000: ${Math.round(took)} ms, catching up 10: ${Math.round(again)} ms\n`);
  });

  it('[DG3] [LP7] [D10] 2,000 rooms that both hold are compared without opening one, when the relay forgot its epochs', async () => {
    const [ana, relay] = [await station(), await station()];
    await Promise.all(Array.from({ length: 2_000 }, (_, i) => relay.type(`page${i}`, 'some words '.repeat(200))));
    const to = await gate(relay);
    const a = await link(ana, to);
    await settled(a);
    to.station = null;
    to.cut();
    await stop(relay);
    const again = await station(relay.folder);
    again.hub.knowsCursor = () => Promise.resolve(false);
    await again.type('page7', '!');
    await ana.delete('page8', 0, 1);
    const opened = new Set<string>();
    for (const { hub } of [ana, again]) {
      const open = hub.open.bind(hub);
      hub.open = (name, principal) => open(opened.add(name) && name, principal);
    }
    to.counted = { messages: 0, bytes: 0 };
    to.station = again;
    a.retryNow();
    await settled(a);
    const loaded = again.hub.load.rooms;
    process.stderr.write(`2,000 rooms compared: ${to.counted.messages} messages, ${to.counted.bytes} bytes\n`);
    expect(await ana.text('page7')).toContain('!');
    expect((await again.text('page8')).startsWith('ome')).toBe(true);
    expect(loaded).toBe(2);
    expect([...opened].sort()).toEqual([roomOf('page7'), roomOf('page8')]);
    expect(to.counted.bytes).toBeLessThan(2_000 * 40);
  });

  it('[LP7] [BT3] 10 of 2,000 rooms are caught up in at most 10 messages of less than 100 kB in all', async () => {
    const [ana, relay] = [await station(), await station()];
    await Promise.all(Array.from({ length: 2_000 }, (_, i) => relay.type(`page${i}`, 'some words '.repeat(200))));
    const to = await gate(relay);
    const a = await link(ana, to);
    await settled(a);
    to.station = null;
    to.cut();
    for (let i = 0; i < 10; i += 1) await relay.type(`page${i * 7}`, '!');
    to.counted = { messages: 0, bytes: 0 };
    to.station = relay;
    a.retryNow();
    await eventually(() => expect(a.status.state).toBe('online'));
    for (let i = 0; i < 10; i += 1) await eventually(async () => expect(await ana.text(`page${i * 7}`)).toContain('!'));
    await eventually(() => expect([a.outbox(), a.fetching]).toEqual([[], 0]));
    process.stderr.write(`10 of 2,000 caught up: ${to.counted.messages} messages, ${to.counted.bytes} bytes\n`);
    expect(to.counted.messages).toBeLessThanOrEqual(10);
    expect(to.counted.bytes).toBeLessThan(100_000);
  });
});
