// A relay process that asks for tickets, and a workspace attached to it, for tests; what it lets in is asserted by the files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { LogWriter, type Person } from './log-writer.ts';
import { RelayCalls } from './relay-calls.ts';
import { startRelayProcess, type RelayBundle, type RelayProcess } from './relay-process.ts';
import { temporaryFolder } from './temp-folder.ts';

export interface ClosedRelay {
  readonly data: string;
  readonly relay: RelayProcess;
  readonly calls: RelayCalls;
  /** With which workspaces are attached. */
  readonly key: string;
}

export function startOn(bundle: RelayBundle, data: string, port = '0'): Promise<RelayProcess> {
  return startRelayProcess(bundle, ['serve', '--data', data, '--port', port]);
}

export async function startClosedRelay(bundle: RelayBundle): Promise<ClosedRelay> {
  const data = join(await temporaryFolder(), 'data');
  const relay = await startOn(bundle, data);
  const key = readFileSync(join(data, 'registration-key'), 'utf8').trim();
  return { data, relay, calls: new RelayCalls(relay.url), key };
}

export interface Team {
  readonly log: LogWriter;
  readonly owner: Person;
  readonly workspace: string;
  readonly space: string;
}

/** A workspace whose log names the relay, not attached yet. Its clock is the real one: invites end by the relay's. */
export async function team({ calls, relay }: Pick<ClosedRelay, 'calls' | 'relay'>): Promise<Team> {
  const log = new LogWriter();
  log.at = Date.now() - 600_000;
  const owner = await log.create();
  const space = await log.space(owner);
  const { key } = await calls.nonce();
  await log.add(owner.key, { verb: 'relay.set', key, url: relay.url });
  return { log, owner, space, workspace: await log.workspace() };
}

/** Throws when the relay does not take it. */
export async function attached(closed: ClosedRelay): Promise<Team> {
  const made = await team(closed);
  const { status, text } = await closed.calls.attach(made.owner.key, made.workspace, made.log.records, closed.key);
  if (status !== 200) throw new Error(`not attached: ${status} ${text}`);
  return made;
}

/** Hands the relay what the log has by now. Throws when it does not take it. */
export async function handOver({ calls }: Pick<ClosedRelay, 'calls'>, { log, owner, workspace }: Team): Promise<void> {
  const { status, text } = await calls.appendLog(owner.key, workspace, log.records);
  if (status !== 200) throw new Error(`not appended: ${status} ${text}`);
}

/** Everything that the relay answers to an upgrade that it refuses, but for the date. Throws when it lets it in. */
export async function refusal(url: string, protocols: readonly string[]): Promise<string> {
  const socket = new WebSocket(url, [...protocols]);
  onTestFinished(() => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.on('error', () => undefined);
    socket.once('open', () => reject(new Error('it was let in')));
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => {
        const { date: _date, ...headers } = response.headers;
        resolve(JSON.stringify([response.statusCode, headers, text]));
      });
    });
  });
}
