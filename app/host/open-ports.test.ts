import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { WebsocketProvider } from 'y-websocket';
import { FakeClock } from '../../shared/base/clock.ts';
import type { MessagePortLike } from '../../shared/link/message-port.ts';
import { portSocketClass, type ChannelFactory } from '../../shared/link/port-socket.ts';
import { HostBench } from '../../tests/support/host.ts';
import { OpenPorts } from './open-ports.ts';
import { serveWindowPort } from './window-port.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

describe('open ports', () => {
  it('[X7] none are open at once, or when the last is given back, or it is late', async () => {
    const clock = new FakeClock();
    const ports = new OpenPorts(clock);
    expect(await ports.ended(100)).toBe('none');
    const [a, b] = [ports.hold(), ports.hold()];
    const none = ports.ended(100);
    a.dispose();
    a.dispose(); // Told twice that it is gone, it counts once.
    expect(clock.pending).toBe(1);
    b.dispose();
    expect(await none).toBe('none');
    expect(clock.pending).toBe(0);
    ports.hold();
    const late = ports.ended(100);
    clock.advance(100);
    expect(await late).toBe('late');
  });

  // The host used to wait a tenth of a second after the window's own port had ended, and hoped that the rooms' ports had
  // handed over everything by then; a busy computer takes longer. Now a room's port counts until it has ended itself.
  it('[X7] a window is gone when its rooms have ended too, and what they had sent is in the host', async () => {
    const host = await bench.start(await bench.folder());
    const { id: workspace } = await host.call('workspace.create', { title: 'T', name: 'Ana' });
    const [space] = await host.call('space.list', { workspace });
    const page = { workspace, space: space!.id, kind: 'page', title: 'P', parent: null } as const;
    const { id, room } = await host.call('doc.create', page);

    const ports = new OpenPorts(new FakeClock()); // Its limit never passes: only the condition can end the wait.
    const { port1, port2 } = new MessageChannel();
    const made: MessagePortLike[] = [];
    const newChannel: ChannelFactory = () => {
      const channel = new MessageChannel() as unknown as ReturnType<ChannelFactory>;
      made.push(channel.port1);
      return channel;
    };
    serveWindowPort(host, port2 as unknown as MessagePortLike, ports);
    const Socket = portSocketClass(port1 as unknown as MessagePortLike, newChannel);
    const doc = new Y.Doc();
    const provider = new WebsocketProvider('ws://host', room, doc, {
      disableBc: true,
      WebSocketPolyfill: Socket as unknown as typeof WebSocket,
    });
    await new Promise<void>((resolve) => provider.once('sync', () => resolve()));

    let gone = false;
    port1.close(); // The window's own port ends first; its room's port is still there.
    const ended = ports.ended(1_000).then(() => (gone = true));
    for (let word = 0; word < 500; word++) doc.getText('body').insert(0, `<${word}>`);
    expect(gone).toBe(false);
    provider.destroy();
    for (const port of made) port.close();
    await ended;
    await bench.stop(host);

    const again = await bench.start(host.folder.root);
    const shown = JSON.stringify(await again.call('doc.show', { workspace, document: id }));
    for (const word of [0, 250, 499]) expect(shown).toContain(`<${word}>`);
  });
});
