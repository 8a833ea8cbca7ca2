// A relay that acknowledged, and was then restored from an older folder by copying files: a window says so until it is stored again.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { AckCounter, type SocketClass } from '../../shared/link/ack-counter.ts';
import { eventually } from '../support/eventually.ts';
import { bundleRelay, startRelayProcess, type RelayBundle } from '../support/relay-process.ts';
import { TypingClient } from '../support/typing-client.ts';

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'caravan-lost-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A document as a window holds it: the stock provider on sockets that are counted. */
function windowOn(url: string, room: string) {
  const doc = new Y.Doc();
  const counter = new AckCounter();
  const provider = new WebsocketProvider(url, room, doc, {
    WebSocketPolyfill: counter.wrap(WebSocket as unknown as SocketClass) as unknown as typeof globalThis.WebSocket,
    protocols: ['caravan.ack.v1', 'caravan.v1'],
    disableBc: true,
    maxBackoffTime: 200,
  });
  doc.on('update', (_update: Uint8Array, origin: unknown) => {
    if (origin !== provider) counter.edited();
  });
  onTestFinished(() => {
    provider.destroy();
    // provider.destroy() leaves the timer of its awareness running.
    provider.awareness.destroy();
  });
  return { counter, provider, body: doc.getText('body') };
}

describe('[AK] an acknowledgement that a hub cannot keep', () => {
  it('[AK6] [D10] is void: the window is unsaved again, hands over what was lost, and is saved when that is durable', async () => {
    const data = await folder();
    const args = (port: string) => ['serve', '--data', data, '--port', port, '--open'];
    let relay = await startRelayProcess(bundle, args('0'));
    const { port } = new URL(relay.url);
    const room = 'workspace/space/page';
    const { counter, body } = windowOn(relay.url, room);
    const pending: boolean[] = [];
    counter.onPending((now) => pending.push(now));
    body.insert(0, 'before ');
    await eventually(() => expect(pending.at(-1)).toBe(false));
    expect(await relay.end('SIGTERM')).toBe(0);
    const backup = await folder();
    await cp(data, backup, { recursive: true });

    relay = await startRelayProcess(bundle, args(port));
    body.insert(body.length, 'after');
    await eventually(() => expect([pending.at(-1), counter.pending]).toEqual([false, false]));
    await relay.end('SIGKILL');
    await rm(data, { recursive: true, force: true });
    await cp(backup, data, { recursive: true });
    pending.length = 0;

    relay = await startRelayProcess(bundle, args(port));
    await eventually(() => expect(pending).toEqual([true, false]));
    // Killed at that moment, it has it.
    await relay.end('SIGKILL');
    relay = await startRelayProcess(bundle, args(port));
    const fresh = new TypingClient({ url: `${relay.url}/${room}` });
    onTestFinished(() => fresh.close());
    await fresh.synced;
    expect(fresh.text).toBe('before after');
  });

  it('[AK1] [AK6] counts anew over a reconnection: what was typed in between is saved when the new socket says so', async () => {
    const data = await folder();
    const args = (port: string) => ['serve', '--data', data, '--port', port, '--open'];
    let relay = await startRelayProcess(bundle, args('0'));
    const { port } = new URL(relay.url);
    const room = 'workspace/space/page';
    const { counter, body, provider } = windowOn(relay.url, room);
    for (const word of ['one ', 'two ', 'three ']) body.insert(body.length, word);
    await eventually(() => expect([provider.synced, counter.pending]).toEqual([true, false]));
    await relay.end('SIGKILL');
    await eventually(() => expect(provider.wsconnected).toBe(false));
    body.insert(body.length, 'four');
    expect(counter.pending).toBe(true);
    relay = await startRelayProcess(bundle, args(port));
    await eventually(() => expect(counter.pending).toBe(false));
    await relay.end('SIGKILL');
    relay = await startRelayProcess(bundle, args(port));
    const fresh = new TypingClient({ url: `${relay.url}/${room}` });
    onTestFinished(() => fresh.close());
    await fresh.synced;
    expect(fresh.text).toBe('one two three four');
  });
});
