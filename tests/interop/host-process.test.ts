// The host as a real process: started, started twice, ended, killed while somebody types.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostBench, until } from '../support/host.ts';
import { caravan, killLeftovers, openHost } from '../support/host-process.ts';
import { TypingClient } from '../support/typing-client.ts';

let bench: HostBench;
beforeEach(() => {
  bench = new HostBench();
});
afterEach(async () => {
  killLeftovers();
  await bench.dispose();
});

interface Page {
  readonly folder: string;
  readonly document: string;
  readonly room: string;
}

/** A folder with one workspace and one empty page; no process runs on it. */
async function withPage(): Promise<Page> {
  const folder = await bench.folder();
  const host = await bench.start(folder);
  const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const [space] = await host.call('space.list', { workspace });
  const page = await host.call('doc.create', {
    workspace,
    space: space!.id,
    kind: 'page',
    title: 'Plan',
    parent: null,
  });
  await bench.stop(host);
  return { folder, document: page.id, room: page.room };
}

async function typist(folder: string, room: string): Promise<TypingClient> {
  const { port, token } = JSON.parse(await readFile(path.join(folder, 'host.json'), 'utf8')) as {
    port: number;
    token: string;
  };
  const client = new TypingClient({
    url: `ws://127.0.0.1:${port}/${room}`,
    headers: { authorization: `Bearer ${token}` },
  });
  await client.synced;
  return client;
}

async function shownText({ folder, document }: Page): Promise<string> {
  const ran = await caravan('doc', 'show', document, '--data', folder, '--json');
  expect(ran.err).toBe('');
  return (ran.json() as { content: string }).content;
}

describe('one host for one data folder', () => {
  it('says when it is ready, writes host.json for its owner alone, and takes it away at the end', async () => {
    const { folder } = await withPage();
    const host = await openHost(folder);
    expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=/);
    expect(host.pid).toBe(host.child.pid);
    expect(existsSync(path.join(folder, 'host.json'))).toBe(true);
    expect(await host.end('SIGTERM')).toBe(0);
    expect(existsSync(path.join(folder, 'host.json'))).toBe(false);
  });

  it('a second start becomes a client of the running one, and so does every command', async () => {
    const { folder } = await withPage();
    const first = await openHost(folder);
    const second = await openHost(folder);
    expect(second.pid).toBe(first.pid);
    expect(second.url).not.toBe(first.url);
    expect(await second.ended).toBe(0);
    const listed = await caravan('doc', 'list', '--data', folder, '--json');
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.json()).toMatchObject([{ title: 'Plan' }]);
    expect(await first.end('SIGINT')).toBe(0);
  });

  it('two starts at the same moment meet in one host', async () => {
    const { folder } = await withPage();
    const [a, b] = await Promise.all([openHost(folder), openHost(folder)]);
    expect(a.pid).toBe(b.pid);
    const owner = a.pid === a.child.pid ? a : b;
    expect(await owner.end('SIGTERM')).toBe(0);
  });

  it('a host.json of a dead host is noticed', async () => {
    const { folder } = await withPage();
    const dead = { pid: 999_999, port: 1, token: 'x'.repeat(43), shell: 'none' };
    await writeFile(path.join(folder, 'host.json'), JSON.stringify(dead));
    const host = await openHost(folder);
    expect(host.pid).toBe(host.child.pid);
    expect(await host.end('SIGTERM')).toBe(0);
  });
});

describe('[X7] what was shown as saved is there', () => {
  const rounds = process.env['CARAVAN_LONG'] ? 50 : 5;

  it(`[X7] after kill -9 while somebody types, ${rounds} times on one page`, { timeout: rounds * 20_000 }, async () => {
    const page = await withPage();
    const promised: string[] = [];
    let lastWords = 0;
    for (let round = 0; round < rounds; round++) {
      const host = await openHost(page.folder);
      const client = await typist(page.folder, page.room);
      for (const word of promised) expect(client.text).toContain(word);
      // Kills at another moment each time: after a few acknowledgements, with words still under way.
      const wanted = 3 + Math.floor(Math.random() * 40);
      for (let word = 0; client.durable.length < wanted; word++) {
        client.type(`<${round}.${word}>`);
        await new Promise((resolve) => setImmediate(resolve));
      }
      host.child.kill('SIGKILL');
      await Promise.all([host.ended, client.closed]);
      promised.push(...client.durable);
      lastWords += client.typed.length - client.durable.length;
    }
    const text = await shownText(page);
    for (const word of promised) expect(text.split(word)).toHaveLength(2);
    expect(promised.length).toBeGreaterThanOrEqual(3 * rounds);
    // Says that the kills really came in the middle of something, at least once.
    expect(lastWords).toBeGreaterThan(0);
  });

  it('[X7] after SIGTERM: it stores what was sent, then ends with 0 within 10 s', async () => {
    const page = await withPage();
    const host = await openHost(page.folder);
    const client = await typist(page.folder, page.room);
    for (let word = 0; word < 200; word++) client.type(`<${word}>`);
    await until('the host has said that the first words are durable', () => client.durable.length > 0);
    const asked = Date.now();
    expect(await host.end('SIGTERM')).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(await client.closed).toBe(4503);
    const text = await shownText(page);
    for (const word of client.durable) expect(text).toContain(word);
  });
});
