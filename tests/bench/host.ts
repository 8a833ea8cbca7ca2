// A host without its windows and projections: hub, store and link, kept in step with a relay; it prints when it first is.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { Backoff } from '../../shared/base/backoff.ts';
import { systemClock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { StoredLinkMemory } from '../../shared/hub/link-memory.ts';
import { Link } from '../../shared/link/link.ts';
import type { Transport } from '../../shared/link/transport.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { WebSocketTransport } from '../../shared/node/ws-transport.ts';
import { LIMITS } from '../../shared/protocol/limits.ts';

const [folder = '', url = ''] = process.argv.slice(2);
const say = (line: unknown): void => console.log(JSON.stringify(line));
let bytes = 0;
let messages = 0;
const count = (size: number): void => {
  bytes += size;
  messages += 1;
};

const store = await LevelDocStore.open({ directory: join(folder, 'store') });
const hub = new Hub({
  store,
  access: { allows: () => true, onChange: new Emitter<void>().event },
  clock: systemClock,
  logger: silentLogger,
});
const link = new Link({
  source: hub,
  workspace: 'bench',
  principal: { device: null, member: null },
  memory: new StoredLinkMemory(store.values, 'bench'),
  dial: () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${url}/v1/link/bench`, ['caravan.link.v1'], {
        perMessageDeflate: false,
        maxPayload: LIMITS.frame,
      });
      socket.once('error', reject);
      socket.once('open', () => {
        socket.off('error', reject);
        resolve(counted(new WebSocketTransport(socket)));
      });
    }),
  url,
  clock: systemClock,
  backoff: new Backoff({ first: 20, longest: 200 }),
  logger: silentLogger,
});

/** Counts what goes either way. */
function counted(transport: Transport): Transport {
  return {
    get backlog() {
      return transport.backlog;
    },
    send(message) {
      count(message.length);
      transport.send(message);
    },
    onMessage: (listener) =>
      transport.onMessage((message) => {
        count(message.length);
        listener(message);
      }),
    onClose: transport.onClose,
    close: (code, reason) => transport.close(code, reason),
  };
}

say({ event: 'ready' });
const began = performance.now();
await link.start();
await link.settled();
say({ event: 'even', time: performance.now() - began, bytes, messages });
createInterface({ input: process.stdin }).once('line', () => {
  void (async () => {
    await link.close();
    await hub.close();
    await store.close();
    say({ event: 'stopped' });
  })();
});
