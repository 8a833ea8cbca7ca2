// A host process whose way to a relay process leads through a proxy, a stock window at the host and a stock client at the relay.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Programs, Victim } from '../interop/hostile/victim.ts';
import { HostBench } from './host.ts';
import { stockClient, synced, until, type StockClient } from './stock-client.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { temporaryFolder } from './temp-folder.ts';

export interface HostBehindProxy {
  readonly host: Victim;
  relay: Victim;
  /** The relay's data folder. */
  readonly data: string;
  readonly proxy: TcpProxy;
  readonly room: string;
  /** One more window of the host, as a stock client. */
  window(): StockClient;
  /** One more stock client at the relay, past the proxy. */
  guest(): StockClient;
}

/** Everything of it ends with the test. */
export async function hostBehindProxy(programs: Programs): Promise<HostBehindProxy> {
  const data = await temporaryFolder();
  const relay = await programs.startRelay(data);
  const proxy = await TcpProxy.start(relay.port);
  const bench = new HostBench();
  const folder = await bench.folder();
  const maker = await bench.start(folder);
  const { id: workspace } = await maker.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await maker.call('space.list', { workspace });
  const place = { workspace, space: space!.id, parent: null };
  const { room } = await maker.call('doc.create', { ...place, kind: 'page', title: 'Plan' });
  await maker.call('relay.attach', { workspace, url: `http://127.0.0.1:${proxy.port}` });
  await bench.stop(maker);
  const host = await programs.startHost(folder);
  const { token } = JSON.parse(await readFile(path.join(folder, 'host.json'), 'utf8')) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const made: HostBehindProxy = {
    host,
    relay,
    data,
    proxy,
    room,
    window: () => stockClient(`ws://127.0.0.1:${host.port}`, room, { headers }),
    guest: () => stockClient(`ws://127.0.0.1:${made.relay.port}`, room),
  };
  onTestFinished(async () => {
    host.signal('SIGCONT');
    await Promise.all([host.end(), made.relay.end()]);
    await proxy.close();
    await bench.dispose();
  });
  return made;
}

/** Both have everything of each other. */
export async function inStep(a: StockClient, b: StockClient, patience: number): Promise<void> {
  const word = `${Math.random().toString(36).slice(2)} `;
  a.write(word);
  b.write(word.toUpperCase());
  await until(
    () => [a, b].every(({ text }) => text.includes(word) && text.includes(word.toUpperCase())),
    'in step',
    patience,
  );
  await until(() => a.text === b.text, 'the same text', patience);
}

export { synced, until };
