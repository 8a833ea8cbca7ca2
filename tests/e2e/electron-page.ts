// What a test runs in a page of the double: asks for a port as the real page does, calls the host, opens a room with the
// stock provider. It is bundled into one script by the test; the windows' own code is not in it.
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { CallClient } from '../../app/contract/call-messages.ts';
import type { CallName, CallParams } from '../../app/contract/calls.ts';
import { readPreloadMessage, type ShellEvent } from '../../app/contract/window-messages.ts';
import type { MessagePortLike } from '../../shared/link/message-port.ts';
import { portSocketClass, portTexts, type ChannelFactory } from '../../shared/link/port-socket.ts';

const events: ShellEvent[] = [];
let ports: ((port: MessagePort) => void)[] = [];
let client: CallClient | null = null;
let mainPort: MessagePort | null = null;
let ended = false;
const newChannel: ChannelFactory = () => new MessageChannel() as unknown as ReturnType<ChannelFactory>;
const docs = new Map<string, { doc: Y.Doc; provider: WebsocketProvider }>();

window.addEventListener('message', (event: MessageEvent) => {
  if (event.source !== window) return;
  const message = readPreloadMessage(event.data);
  if (message?.caravan === 'event') events.push(message.detail);
  const [port] = event.ports;
  if (message?.caravan === 'port' && port) ports.shift()?.(port);
});

/** Asks for a port and speaks on it from now on. */
async function connect(): Promise<void> {
  const port = await new Promise<MessagePort>((resolve) => {
    ports = [...ports, resolve];
    window.postMessage({ caravan: 'ask-port' }, window.location.origin);
  });
  mainPort = port;
  ended = false;
  const texts = portTexts(port as unknown as MessagePortLike);
  client = new CallClient(texts, () => undefined);
  texts.onText((text) => client?.receive(text));
  texts.onEnd(() => {
    ended = true;
  });
}

function call<N extends CallName>(name: N, params: CallParams<N>): Promise<unknown> {
  if (!client) throw new Error('Not connected.');
  return client.call(name, params);
}

/** Opens a room and waits until it is synced. */
async function openRoom(room: string): Promise<void> {
  if (!mainPort) throw new Error('Not connected.');
  const doc = new Y.Doc();
  const provider = new WebsocketProvider('ws://host', room, doc, {
    disableBc: true,
    WebSocketPolyfill: portSocketClass(
      mainPort as unknown as MessagePortLike,
      newChannel,
    ) as unknown as typeof WebSocket,
  });
  docs.set(room, { doc, provider });
  await new Promise<void>((resolve) => provider.once('sync', () => resolve()));
}

const page = {
  connect,
  call,
  openRoom,
  events: () => events,
  ended: () => ended,
  ready: () => window.postMessage({ caravan: 'page-ready' }, window.location.origin),
  type: (room: string, text: string) => docs.get(room)?.doc.getText('body').insert(0, text),
  text: (room: string) => docs.get(room)?.doc.getText('body').toString(),
};
export type TestPage = typeof page;
(globalThis as unknown as { testPage: TestPage }).testPage = page;
