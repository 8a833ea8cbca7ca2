// Shows sockets over a message port with the stock y-websocket provider; the host's end is a hand-written room.
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { decodeRoomFrame, encodeStep1, encodeStep2 } from '../protocol/room-frames.ts';
import type { ChannelFactory } from './port-socket.ts';
import { acceptPortSockets, portSocketClass, portTexts } from './port-socket.ts';
import { postWithPort, type MessagePortLike } from './message-port.ts';
import type { Transport } from './transport.ts';
import { eventually } from '../../tests/support/eventually.ts';

const newChannel: ChannelFactory = () => new MessageChannel();
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function mainPorts(): { window: MessagePortLike; host: MessagePortLike } {
  const { port1, port2 } = newChannel();
  cleanups.push(() => port1.close());
  return { window: port1, host: port2 };
}

describe('sockets over a message port', () => {
  it('[PO1] opens with the path, offers the protocols, and chooses the acknowledging one', async () => {
    const { window, host } = mainPorts();
    const seen: { path: string; protocols: readonly string[]; transport: Transport }[] = [];
    acceptPortSockets(host, (path, protocols, transport) => seen.push({ path, protocols, transport }));
    const Socket = portSocketClass(window, newChannel);
    const socket = new Socket('caravan://host/w/s/d?x=1', ['caravan.v1', 'caravan.ack.v1']);
    const opened = vi.fn();
    socket.onopen = opened;
    expect(socket.readyState).toBe(socket.CONNECTING);
    await eventually(() => expect(opened).toHaveBeenCalledTimes(1));
    expect(socket.protocol).toBe('caravan.ack.v1');
    expect(seen[0]?.path).toBe('/w/s/d');
    expect(seen[0]?.protocols).toEqual(['caravan.v1', 'caravan.ack.v1']);
    const closed = vi.fn();
    socket.onclose = closed;
    seen[0]?.transport.close(4403, 'not yours');
    await eventually(() => expect(closed).toHaveBeenCalledWith({ type: 'close', code: 4403, reason: 'not yours' }));
    expect(socket.readyState).toBe(socket.CLOSED);
  });

  it('[PO2] carries a stock provider both ways', async () => {
    const { window, host } = mainPorts();
    const hostDoc = new Y.Doc();
    hostDoc.getText('t').insert(0, 'from the host');
    acceptPortSockets(host, (_path, _protocols, transport) => {
      transport.send(encodeStep1(Y.encodeStateVector(hostDoc)));
      transport.onMessage((message) => {
        const frame = decodeRoomFrame(message);
        if (frame?.kind === 'step1') transport.send(encodeStep2(Y.encodeStateAsUpdate(hostDoc, frame.stateVector)));
        else if (frame?.kind === 'step2' || frame?.kind === 'update') Y.applyUpdate(hostDoc, frame.update);
      });
    });
    const doc = new Y.Doc();
    const provider = new WebsocketProvider('caravan://host', 'w/s/d', doc, {
      disableBc: true,
      WebSocketPolyfill: portSocketClass(window, newChannel) as unknown as typeof WebSocket,
    });
    cleanups.push(() => {
      provider.destroy();
      provider.awareness.destroy();
    });
    await eventually(() => expect(provider.synced).toBe(true));
    expect(doc.getText('t').toJSON()).toBe('from the host');
    doc.getText('t').insert(0, 'typed, ');
    await eventually(() => expect(hostDoc.getText('t').toJSON()).toBe('typed, from the host'));
  });

  it('[PO3] shares the main port with texts, and ignores what it does not know', async () => {
    const { window, host } = mainPorts();
    const onSocket = vi.fn();
    acceptPortSockets(host, onSocket);
    const texts: string[] = [];
    portTexts(host).onText((text) => texts.push(text));
    const far = portTexts(window);
    window.postMessage({ open: 7, protocols: [] });
    window.postMessage({ open: '/a', protocols: [] });
    window.postMessage(null);
    const stray = newChannel();
    postWithPort(window, { something: 'else' }, stray.port2);
    far.send('call');
    await eventually(() => expect(texts).toEqual(['call']));
    expect(onSocket).not.toHaveBeenCalled();
  });

  it('[PO4] tells the window when it closes by itself, after close() returned', async () => {
    const { window, host } = mainPorts();
    const transports: Transport[] = [];
    acceptPortSockets(host, (_path, _protocols, transport) => transports.push(transport));
    const socket = new (portSocketClass(window, newChannel))('caravan://host/w/s/d');
    await eventually(() => expect(socket.readyState).toBe(socket.OPEN));
    const order: string[] = [];
    socket.onclose = () => order.push('onclose');
    const far = vi.fn();
    transports[0]?.onClose(far);
    socket.close();
    order.push('returned');
    await eventually(() => expect(far).toHaveBeenCalledWith({ code: 1000, reason: '' }));
    expect(order).toEqual(['returned', 'onclose']);
  });
});
